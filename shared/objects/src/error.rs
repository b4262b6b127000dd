use std::error::Error as StdError;
use std::io;
use std::path::{Path, PathBuf};

use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};

/// What went wrong with the object store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such object, or no such upload any more.
    #[error("object {key} does not exist")]
    Missing {
        /// The key asked for.
        key: String,
    },
    /// The call failed, after the SDK's own retries.
    #[error("object store call {operation} failed for {key}: {message}")]
    Call {
        /// The S3 operation.
        operation: &'static str,
        /// The key, or the bucket's name.
        key: String,
        /// The whole chain of causes in one line.
        message: String,
    },
    /// The content is not what was stored under this hash.
    #[error("object {key} has SHA-256 {found}, expected {expected}")]
    Corrupt {
        /// The key read.
        key: String,
        /// The hash it should have.
        expected: String,
        /// The hash it has.
        found: String,
    },
    /// The answer ended early.
    #[error("object {key} arrived incomplete")]
    Interrupted {
        /// The key read.
        key: String,
        /// What broke.
        source: io::Error,
    },
    /// A local file could not be read or written.
    #[error("cannot access {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// The store answered without something it promises to send, or refuses by rule.
    #[error("object store call {operation} for {key}: {reason}")]
    Refused {
        /// The S3 operation.
        operation: &'static str,
        /// The key.
        key: String,
        /// Why.
        reason: String,
    },
}

impl Error {
    pub(crate) fn call<E, R>(
        operation: &'static str,
        key: &str,
    ) -> impl FnOnce(SdkError<E, R>) -> Self
    where
        E: StdError + ProvideErrorMetadata + 'static,
        R: std::fmt::Debug,
        SdkError<E, R>: StdError,
    {
        move |error| match error
            .as_service_error()
            .and_then(ProvideErrorMetadata::code)
        {
            // A HEAD has no body, so its 404 has no better name.
            Some("NoSuchKey" | "NoSuchUpload" | "NotFound") => Self::Missing {
                key: key.to_owned(),
            },
            _ => Self::Call {
                operation,
                key: key.to_owned(),
                message: DisplayErrorContext(&error).to_string(),
            },
        }
    }

    pub(crate) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File {
            path: path.to_owned(),
            source,
        }
    }

    /// The object is not there.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing { .. })
    }
}
