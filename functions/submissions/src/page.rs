//! What the two lists of this function have in common: how much of them, and what a database can be asked.

use jiff::Timestamp;
use leito_http::{Code, Problem};
use store::list::is_storable;

/// Entries that one answer holds when the caller does not say.
const PAGE: u16 = 50;
/// And at most.
const MAX_PAGE: u16 = 200;
/// The farthest jump; who wants to go farther has a cursor.
const MAX_OFFSET: u32 = 10_000;
/// The longest text or word to look for, in bytes.
const MAX_TEXT: usize = 1000;

/// How many entries, one more to see whether there are more, and after how many.
pub struct Size {
    /// Entries in the answer.
    pub limit: usize,
    /// What is asked of the database.
    pub fetched: i64,
    /// Entries that are left out first.
    pub offset: i64,
}

/// The size that a caller asked for.
pub fn size(limit: Option<u16>, offset: Option<u32>) -> Result<Size, Problem> {
    let limit = limit.unwrap_or(PAGE);
    if !(1..=MAX_PAGE).contains(&limit) {
        return Err(refused(format!("limit is 1 to {MAX_PAGE}, not {limit}")));
    }
    let offset = offset.unwrap_or(0);
    if offset > MAX_OFFSET {
        let detail = format!("offset is at most {MAX_OFFSET}; go on with `before`");
        return Err(refused(detail));
    }
    Ok(Size {
        limit: usize::from(limit),
        fetched: i64::from(limit) + 1,
        offset: i64::from(offset),
    })
}

/// Refuses times before any that is stored.
pub fn check_times(times: [Option<Timestamp>; 2]) -> Result<(), Problem> {
    if times.into_iter().flatten().all(is_storable) {
        Ok(())
    } else {
        Err(refused("a time is 1970 or later"))
    }
}

/// Refuses text that no stored text can hold, or that is too long to look for.
pub fn check_texts<'a>(texts: impl IntoIterator<Item = Option<&'a String>>) -> Result<(), Problem> {
    for text in texts.into_iter().flatten() {
        if text.contains('\0') || text.len() > MAX_TEXT {
            let detail = format!("a text to look for has at most {MAX_TEXT} bytes and no U+0000");
            return Err(refused(detail));
        }
    }
    Ok(())
}

/// A query that makes no sense.
pub fn refused(detail: impl Into<String>) -> Problem {
    Problem::new(Code::InvalidQuery, detail)
}
