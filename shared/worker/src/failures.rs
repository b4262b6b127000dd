//! Failures of our own services as failures of an attempt. All may pass, so all are worth another attempt.
//!
//! Whoever asks for the job reads the sentence; what is behind it, with its hosts and paths, is for the log.

use std::any::Any;
use std::error::Error;
use std::io;

use job::Failure;
use uuid::Uuid;

/// The database refused or could not be reached.
pub fn database_failure(job_id: Uuid, error: &store::Error) -> Failure {
    log(job_id, error);
    Failure::retry("database", "the database could not be used")
}

/// The object store did not do its part, or the disk here had no room for what it sent.
pub(crate) fn objects(job_id: Uuid, error: &objects::Error) -> Failure {
    log(job_id, error);
    match error {
        objects::Error::File { source, .. } if is_full(source) => disk_full(),
        objects::Error::File { .. } => {
            Failure::retry("work_folder", "a file of the job could not be used")
        }
        _ => Failure::retry("object_store", "the object store could not be used"),
    }
}

/// A file of an earlier stage is not there, or not what it was.
pub(crate) fn artifact_lost(job_id: Uuid, error: &dyn Error) -> Failure {
    log(job_id, error);
    Failure::retry(
        "artifact_lost",
        "a stored file of an earlier stage is gone or damaged; the stage is computed again",
    )
}

/// The job's private folder could not be made.
pub(crate) fn folder(job_id: Uuid, error: &io::Error) -> Failure {
    log(job_id, error);
    if is_full(error) {
        disk_full()
    } else {
        Failure::retry("work_folder", "the job's private folder could not be made")
    }
}

/// The handler panicked with these words.
pub(crate) fn panic(job_id: Uuid, words: &(dyn Any + Send)) -> Failure {
    let words = match words.downcast_ref::<String>() {
        Some(text) => text,
        None => words.downcast_ref::<&str>().copied().unwrap_or("no words"),
    };
    tracing::error!(%job_id, words, "the handler of job {job_id} panicked");
    Failure::retry("panic", "the worker failed by a fault of its own")
}

fn disk_full() -> Failure {
    Failure::retry("disk_full", "the worker ran out of disk space")
}

fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
    )
}

fn log(job_id: Uuid, error: &dyn Error) {
    tracing::error!(%job_id, error = chain(error), "a service failed job {job_id}");
}

/// An error with its causes, in one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_host_and_no_key_reaches_whoever_reads_the_failure() {
        let secret = "db.internal:5432";
        let unreachable = store::Error::Unreachable(secret.into());
        let call = objects::Error::Call {
            operation: "PutObject",
            key: secret.to_owned(),
            message: secret.to_owned(),
        };
        let words: Box<dyn Any + Send> = Box::new(secret.to_owned());
        for failure in [
            database_failure(Uuid::nil(), &unreachable),
            objects(Uuid::nil(), &call),
            artifact_lost(Uuid::nil(), &call),
            folder(Uuid::nil(), &io::Error::other(secret)),
            panic(Uuid::nil(), words.as_ref()),
        ] {
            assert!(!failure.to_string().contains(secret), "{failure}");
        }
    }

    #[test]
    fn a_disk_without_room_for_a_fetched_file_is_told_as_such() {
        let full = objects::Error::File {
            path: "/scratch/mesh.tar.gz".into(),
            source: io::ErrorKind::StorageFull.into(),
        };
        assert_eq!(objects(Uuid::nil(), &full).code, "disk_full");
    }
}
