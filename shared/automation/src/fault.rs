//! What is wrong with a submission, and where.

/// Why a submission is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is no such kind.
    #[error("there is no kind of submission named `{kind}`; there are {}", known.join(", "))]
    UnknownKind {
        /// What was asked for.
        kind: String,
        /// The kinds there are.
        known: Vec<&'static str>,
    },
    /// The kind has no such version.
    #[error("`{kind}` has no version {version}; it has {known:?}")]
    UnknownVersion {
        /// The kind.
        kind: &'static str,
        /// What was asked for.
        version: i32,
        /// The versions it has.
        known: Vec<i32>,
    },
    /// The payload is not what the kind takes.
    #[error("the payload is refused: {}", said(.0))]
    Payload(Vec<Fault>),
}

/// One thing that is wrong with a payload.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fault {
    /// JSON pointer (RFC 6901) into the payload; empty for the payload as a whole.
    pub pointer: String,
    /// What is wrong, and what would be right.
    pub message: String,
    /// Line in the text that `pointer` names, from 1.
    pub line: Option<usize>,
    /// Column in that text, from 1, in characters.
    pub column: Option<usize>,
    /// What was probably meant.
    pub hint: Option<String>,
}

impl Fault {
    /// Something wrong at `pointer`.
    pub fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            message: message.into(),
            ..Self::default()
        }
    }

    /// The same, seen from the value that holds the one it was found in.
    pub(crate) fn inside(mut self, prefix: &str) -> Self {
        self.pointer.insert_str(0, prefix);
        self
    }
}

fn said(faults: &[Fault]) -> String {
    match faults {
        [only] => only.message.clone(),
        several => format!("for {} reasons", several.len()),
    }
}
