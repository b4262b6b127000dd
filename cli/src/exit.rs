//! What the exit code says.

use anyhow::Error;

use crate::api::Refusal;

/// Done.
pub const DONE: u8 = 0;
/// Something went wrong on our side.
pub const FAILED: u8 = 1;
/// The command line or the `.bed` file is at fault.
pub const BAD_INPUT: u8 = 2;
/// The study ended without a pressure drop: a quality gate said no, or the flow did not converge.
pub const NO_RESULT: u8 = 3;
/// Ctrl-C or SIGTERM; what was running has been cancelled.
pub const INTERRUPTED: u8 = 130;

/// The same, for `--help`.
pub const HELP: &str = "Exit codes: 0 done, 1 something failed, 2 the input is wrong, 3 the study ended without a \
result, 130 interrupted (what was running has been cancelled)";

/// An error that is the caller's to mend.
#[derive(Debug)]
pub struct BadInput(pub String);

impl std::fmt::Display for BadInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadInput {}

/// The exit code of an error.
pub fn code(error: &Error) -> u8 {
    let refused = error
        .downcast_ref::<Refusal>()
        .is_some_and(Refusal::blames_the_input);
    if refused || error.is::<BadInput>() {
        BAD_INPUT
    } else {
        FAILED
    }
}
