//! What can go wrong with a scheduled run.

/// A run could not be begun, done or recorded.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The work itself; recorded with the run.
    #[error("the {name} run failed")]
    Work {
        /// The schedule.
        name: &'static str,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
