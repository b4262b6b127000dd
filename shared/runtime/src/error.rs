//! What can be wrong with a process's surroundings.

use std::fmt;

/// The process cannot start in these surroundings.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// One or more variables are missing, malformed or contradict each other; all of them are listed.
    #[error("the environment is not usable:{}", list(.0))]
    Environment(Vec<Malformed>),
    /// Telemetry was set up twice in one process.
    #[error("telemetry is already set up")]
    TelemetryTwice,
}

/// One variable and what is wrong with it. Never shows the value of a variable that may hold a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// The variable's name.
    pub variable: &'static str,
    /// What is wrong, in words that follow the name.
    pub problem: String,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.variable, self.problem)
    }
}

fn list(problems: &[Malformed]) -> String {
    problems.iter().fold(String::new(), |lines, problem| {
        format!("{lines}\n  {problem}")
    })
}
