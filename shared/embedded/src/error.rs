use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Why a part of the single-machine system does not run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file, folder or program could not be used.
    #[error("cannot use {}", path.display())]
    Folder {
        /// What was touched.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// The emulator is not installed.
    #[error("the AWS emulator is not installed at {}; ./dev sets it up", program.display())]
    NoEmulator {
        /// Where it should be.
        program: PathBuf,
    },
    /// A server ended while starting.
    #[error("{server} ended at its start ({status}); see {}", log.display())]
    Ended {
        /// Which one.
        server: &'static str,
        /// How it ended.
        status: String,
        /// Its log file.
        log: PathBuf,
    },
    /// A server runs but does not answer.
    #[error("{server} did not answer within {limit:?}; see {}", log.display())]
    Silent {
        /// Which one.
        server: &'static str,
        /// How long it was given.
        limit: Duration,
        /// Its log file.
        log: PathBuf,
    },
    /// A server did not end when told to, so it was killed.
    #[error("{server} did not stop within {limit:?} and was killed")]
    Stuck {
        /// Which one.
        server: &'static str,
        /// How long it was given.
        limit: Duration,
    },
    /// Postgres is not installed.
    #[error("no Postgres programs on this machine; ./dev installs them")]
    NoPostgres,
    /// Neither who we are nor an unprivileged user could be found out.
    #[error("no user of this system can run Postgres")]
    NoUser,
    /// A socket in this folder could not be addressed.
    #[error("{} is longer than {longest} bytes, too long for a socket; choose another data folder", path.display())]
    FolderTooLong {
        /// The folder.
        path: PathBuf,
        /// The longest that works.
        longest: usize,
    },
    /// The cluster could not be made.
    #[error("the Postgres cluster could not be made: {message}")]
    PostgresSetup {
        /// The program's last words.
        message: String,
    },
    /// The emulator refused a queue.
    #[error(transparent)]
    Queue(#[from] queue::Error),
    /// The emulator refused the bucket.
    #[error(transparent)]
    Objects(#[from] objects::Error),
}

impl Error {
    pub(crate) fn folder(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Folder {
            path: path.to_owned(),
            source,
        }
    }
}
