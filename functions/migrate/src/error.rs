//! What can go wrong besides a migration that CloudFormation is told of.

/// The call fails, and Lambda repeats it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database, when somebody called by hand.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// An event that looks like CloudFormation's and is not.
    #[error("the event is none of CloudFormation's")]
    Event(#[from] serde_json::Error),
    /// CloudFormation could not be told, and waits.
    #[error("CloudFormation could not be told how it went")]
    Untold(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// An error with its causes, in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
