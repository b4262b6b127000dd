/// Why the services could not be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The queues' addresses are needed and were not given.
    #[error("LEITO_PACKING_QUEUE_URL and LEITO_FLOW_QUEUE_URL are missing")]
    NoQueues,
    /// The database did not do its part.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The queue did not do its part.
    #[error(transparent)]
    Queue(#[from] queue::Error),
}
