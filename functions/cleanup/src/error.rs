//! What can go wrong with a clean-up.

/// A clean-up ended early; what it removed before stays removed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The object store.
    #[error(transparent)]
    Objects(#[from] objects::Error),
}
