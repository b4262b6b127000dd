//! What the two lists of this function have in common: what a database can be asked.

use jiff::Timestamp;
use leito_http::{Code, Problem};
use store::list::is_storable;

/// The longest text or word to look for, in bytes.
const MAX_TEXT: usize = 1000;

/// Refuses times before any that is stored.
pub fn check_times(times: [Option<Timestamp>; 2]) -> Result<(), Problem> {
    if times.into_iter().flatten().all(is_storable) {
        Ok(())
    } else {
        Err(refused("a time is 1970 or later"))
    }
}

/// Refuses text that is too long to look for.
pub fn check_texts<'a>(texts: impl IntoIterator<Item = Option<&'a String>>) -> Result<(), Problem> {
    for text in texts.into_iter().flatten() {
        if text.len() > MAX_TEXT {
            return Err(refused(format!(
                "a text to look for has at most {MAX_TEXT} bytes"
            )));
        }
    }
    Ok(())
}

/// A query that makes no sense.
pub fn refused(detail: impl Into<String>) -> Problem {
    Problem::new(Code::InvalidQuery, detail)
}
