//! Failures and the three classes they fall into.

/// What a failure means for the next attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Class {
    /// Another attempt may succeed: try again after a backoff while attempts are left.
    Retry,
    /// The same input will fail again: the job fails at once.
    Permanent,
    /// The worker had to stop, the job did nothing wrong: back to the queue, the attempt does not count.
    Interrupted,
}

crate::status::words!(Class, "failure class", {
    Retry => "retry",
    Permanent => "permanent",
    Interrupted => "interrupted",
});

/// Why an attempt ended without a result.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Failure {
    /// What it means for the next attempt.
    pub class: Class,
    /// Stable word for programs, such as `not_settled`.
    pub code: String,
    /// One sentence for people.
    pub message: String,
    /// The last lines the engine printed, when an engine was involved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_words: Option<String>,
}

impl Failure {
    /// A failure of any class, without an engine's last words.
    pub fn new(class: Class, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            class,
            code: code.into(),
            message: message.into(),
            last_words: None,
        }
    }

    /// Another attempt may succeed.
    pub fn retry(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Class::Retry, code, message)
    }

    /// No attempt will succeed.
    pub fn permanent(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Class::Permanent, code, message)
    }

    /// The worker was told to stop.
    pub fn interrupted(message: impl Into<String>) -> Self {
        Self::new(Class::Interrupted, "interrupted", message)
    }

    /// The same failure with the engine's last words.
    #[must_use]
    pub fn with_last_words(mut self, words: impl Into<String>) -> Self {
        self.last_words = Some(words.into());
        self
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.message, self.code)
    }
}
