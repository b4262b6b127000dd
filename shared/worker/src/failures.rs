//! Failures of our own services as failures of an attempt. All may pass, so all are worth another attempt.

use job::Failure;

pub(crate) fn database(error: &store::Error) -> Failure {
    Failure::retry("database", format!("the database failed: {}", chain(error)))
}

pub(crate) fn objects(error: &objects::Error) -> Failure {
    Failure::retry(
        "object_store",
        format!("the object store failed: {}", chain(error)),
    )
}

pub(crate) fn folder(error: &std::io::Error) -> Failure {
    Failure::retry(
        "work_folder",
        format!("the job's private folder failed: {error}"),
    )
}

/// An error with its causes, in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
