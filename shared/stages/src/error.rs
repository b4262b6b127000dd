/// Why a worker process cannot start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The services that the environment describes cannot be used.
    #[error(transparent)]
    Worker(#[from] worker::Error),
    /// The operating system refuses to tell of signals.
    #[error("cannot listen to signals")]
    Signals(#[from] std::io::Error),
}
