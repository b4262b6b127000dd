//! What can be wrong with a bed, wherever it came from.

use serde::{Deserialize, Serialize};

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{pointer}: {message}")]
pub struct Problem {
    /// JSON pointer (RFC 6901) to the value in the bed; empty for the bed as a whole.
    pub pointer: String,
    /// What is wrong and what would be right, in one line.
    pub message: String,
}

impl Problem {
    /// A problem of the value at `pointer`.
    pub fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            message: message.into(),
        }
    }
}

/// A bed that is refused: every problem, as one error.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct Invalid(pub Vec<Problem>);
