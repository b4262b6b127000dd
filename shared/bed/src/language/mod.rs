//! The `.bed` language: text to bed and back. Names, units and ranges come from the declarations.

mod check;
mod convert;
mod diagnostic;
mod format;
mod hints;
mod lexer;
mod parser;

pub use diagnostic::{Diagnostics, Report};
pub use format::format;
pub(crate) use format::write_value;

use crate::bed::Bed;

/// Longest source that is read, in bytes: a bed takes a few hundred.
const MAX_SOURCE: usize = 100_000;

/// Reads a bed from source text, or says everything that is wrong with it. `file` is only for the messages.
pub fn parse(source: &str, file: &str) -> Result<Bed, Diagnostics> {
    let mut diagnostics = Diagnostics::new(file, source);
    if source.len() > MAX_SOURCE {
        diagnostics.push(
            0..0,
            format!(
                "a bed of {} bytes: at most {MAX_SOURCE} are read",
                source.len()
            ),
        );
        return Err(diagnostics);
    }
    let file = parser::parse(source, &mut diagnostics);
    let bed = file.and_then(|file| check::check(&file, &mut diagnostics));
    match bed {
        Some(bed) if diagnostics.is_empty() => Ok(bed),
        _ => Err(diagnostics),
    }
}
