use std::error::Error as StdError;

use aws_sdk_sqs::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};

/// What went wrong with a queue.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The call failed, after the SDK's own retries.
    #[error("queue call {operation} failed: {message}")]
    Call {
        /// The SQS operation.
        operation: &'static str,
        /// SQS's error code, when it answered at all.
        code: Option<String>,
        /// The whole chain of causes in one line.
        message: String,
    },
    /// The message does not serialise.
    #[error("message cannot be encoded")]
    Encode(#[from] serde_json::Error),
    /// SQS answered without something it promises to send.
    #[error("queue call {operation} answered without {missing}")]
    Incomplete {
        /// The SQS operation.
        operation: &'static str,
        /// The absent field.
        missing: &'static str,
    },
}

impl Error {
    pub(crate) fn call<E, R>(operation: &'static str) -> impl FnOnce(SdkError<E, R>) -> Self
    where
        E: StdError + ProvideErrorMetadata + 'static,
        R: std::fmt::Debug,
        SdkError<E, R>: StdError,
    {
        move |error| Self::Call {
            operation,
            code: error
                .as_service_error()
                .and_then(|e| e.code().map(str::to_owned)),
            message: DisplayErrorContext(&error).to_string(),
        }
    }

    /// The queue itself does not exist (any more).
    pub fn is_missing_queue(&self) -> bool {
        matches!(self, Self::Call { code: Some(code), .. }
            if code == "QueueDoesNotExist" || code.ends_with("NonExistentQueue"))
    }
}

/// An entry of a batch that SQS did not take; the other entries went through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// Position in the batch that was given.
    pub index: usize,
    /// SQS's error code.
    pub code: String,
    /// SQS's words, often empty.
    pub message: String,
}
