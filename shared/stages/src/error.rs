/// Why a worker process cannot start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The services that the environment describes cannot be used.
    #[error(transparent)]
    Worker(#[from] worker::Error),
    /// The operating system refuses to tell of signals.
    #[error("cannot listen to signals")]
    Signals(#[from] std::io::Error),
    /// What a former process left in the folder for work cannot be removed.
    #[error("cannot empty the folder for work")]
    Folder(#[source] std::io::Error),
    /// The Lambda runtime gave up.
    #[error("the Lambda runtime gave up: {0}")]
    Lambda(String),
}
