//! How an engine can fail. Whoever runs a job decides from the kind whether to try again.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// A failed stage. `program` is the name of the log: `log.<program>` in the run's folder holds all it said, and
/// `last_words` the last lines of it.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The program is not on the machine.
    #[error("{program} is not installed")]
    NotInstalled {
        /// What was looked for.
        program: String,
    },
    /// It ran longer than it may.
    #[error("{program} was stopped after {seconds:.0} s, its time limit")]
    TimedOut {
        /// Name of the log.
        program: String,
        /// The limit.
        seconds: f64,
        /// Last lines of the log.
        last_words: String,
    },
    /// It said nothing for too long: it hangs.
    #[error("{program} was stopped after {seconds:.0} s without a word")]
    Silent {
        /// Name of the log.
        program: String,
        /// The limit.
        seconds: f64,
        /// Last lines of the log.
        last_words: String,
    },
    /// It ended by itself with a code other than 0.
    #[error("{program} failed with exit code {code}")]
    Exited {
        /// Name of the log.
        program: String,
        /// Exit code.
        code: i32,
        /// Last lines of the log.
        last_words: String,
    },
    /// A signal that nobody here sent ended it.
    #[error("{program} was ended by signal {signal}")]
    Killed {
        /// Name of the log.
        program: String,
        /// Number of the signal.
        signal: i32,
        /// Last lines of the log.
        last_words: String,
    },
    /// It divided by zero or overflowed (SIGFPE): the same numbers will do so again.
    #[error("{program} diverged: its numbers grew beyond all bounds")]
    Diverged {
        /// Name of the log.
        program: String,
        /// Last lines of the log.
        last_words: String,
    },
    /// The machine, its container or an address-space limit had no more memory.
    #[error("{program} ran out of memory")]
    OutOfMemory {
        /// Name of the log.
        program: String,
        /// Last lines of the log.
        last_words: String,
    },
    /// The disk is full, or a file grew past the limit of one file.
    #[error("{program} ran out of disk space")]
    DiskFull {
        /// Name of the log, or `the run` where one of our own files found no room.
        program: String,
        /// Last lines of the log.
        last_words: String,
    },
    /// The context's token was cancelled.
    #[error("cancelled")]
    Cancelled,
    /// The engine did its work and a quality gate says no.
    #[error("{what}")]
    Rejected {
        /// The sentence for the user, numbers and bounds included.
        what: String,
        /// The same numbers by name.
        numbers: BTreeMap<String, f64>,
    },
    /// A file of the run could not be read, written or understood.
    #[error("{what}")]
    Io {
        /// What was being done.
        what: String,
        /// Why it failed.
        source: io::Error,
    },
}

impl EngineError {
    /// A stable word for the kind of failure.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotInstalled { .. } => "not_installed",
            Self::TimedOut { .. } => "timed_out",
            Self::Silent { .. } => "silent",
            Self::Exited { .. } => "exited",
            Self::Killed { .. } => "killed",
            Self::Diverged { .. } => "diverged",
            Self::OutOfMemory { .. } => "out_of_memory",
            Self::DiskFull { .. } => "disk_full",
            Self::Cancelled => "cancelled",
            Self::Rejected { .. } => "rejected",
            Self::Io { .. } => "io",
        }
    }

    /// The last lines of the engine's log, when it had any.
    pub fn last_words(&self) -> Option<&str> {
        match self {
            Self::TimedOut { last_words, .. }
            | Self::Silent { last_words, .. }
            | Self::Exited { last_words, .. }
            | Self::Killed { last_words, .. }
            | Self::Diverged { last_words, .. }
            | Self::OutOfMemory { last_words, .. }
            | Self::DiskFull { last_words, .. } => {
                Some(last_words.as_str()).filter(|words| !words.is_empty())
            }
            _ => None,
        }
    }

    /// A refusal by a quality gate.
    pub fn rejected(what: impl Into<String>, numbers: &[(&str, f64)]) -> Self {
        let numbers = numbers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), *value))
            .collect();
        Self::Rejected {
            what: what.into(),
            numbers,
        }
    }

    /// What `result.map_err` wants: a full disk is told apart from other trouble with files.
    pub fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        |source| match source.kind() {
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Self::DiskFull {
                program: "the run".to_owned(),
                last_words: source.to_string(),
            },
            _ => Self::Io { what, source },
        }
    }

    /// A file of the run that could be read but makes no sense.
    pub fn malformed(path: &Path, why: impl Into<String>) -> Self {
        let source = io::Error::new(io::ErrorKind::InvalidData, why.into());
        Self::Io {
            what: format!("{} is malformed", path.display()),
            source,
        }
    }
}
