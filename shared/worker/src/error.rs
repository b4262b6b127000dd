/// Why the outbox could not be relayed or stranded jobs not be found.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database did not do its part.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The queue did not do its part.
    #[error(transparent)]
    Queue(#[from] queue::Error),
}
