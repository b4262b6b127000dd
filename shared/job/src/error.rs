//! Why a change, a word or a message was refused.

use crate::Status;

/// The action is not allowed in the state the job is in; nothing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// A finished job never changes again.
    #[error("the job is already {0}")]
    Finished(Status),
    /// Somebody else holds the job under a lease that has not run out.
    #[error("another worker holds the job")]
    Held,
    /// The lease token shown is not the one the job carries.
    #[error("the lease was lost")]
    LeaseLost,
    /// The job waits for another job that has not finished.
    #[error("the job waits for another job")]
    Waiting,
    /// A newer message will wake a worker for the job.
    #[error("another message of the job waits to be sent")]
    MessageWaiting,
    /// The job it comes after failed or was cancelled, and has to be tried again first.
    #[error("the job that it comes after did not complete; retry that one first")]
    PrerequisiteFailed,
    /// Every attempt is used up; only the reaper may end the job.
    #[error("no attempt is left")]
    Exhausted,
    /// Cancellation was asked for; nobody may start the job again.
    #[error("cancellation was requested")]
    CancelRequested,
    /// A worker may call a job cancelled only when somebody asked for that.
    #[error("nobody asked for cancellation")]
    NotRequested,
    /// The action makes no sense in this state.
    #[error("not possible while the job is {0}")]
    NotNow(Status),
}

/// A stored or received word that is none of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what} `{word}`")]
pub struct UnknownWord {
    /// What the word should have named: kind, status, …
    pub what: &'static str,
    /// The word itself.
    pub word: String,
}

/// A queue message that names no job.
#[derive(Debug, thiserror::Error)]
#[error("not a job message")]
pub struct BadMessage(#[from] serde_json::Error);
