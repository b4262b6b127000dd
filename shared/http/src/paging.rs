//! Which part of a list a caller asks for.

use store::list::{Cursor, KeyKind, Page};

use crate::{Code, Problem};

/// Rows in an answer when the caller does not say.
pub const PAGE: u16 = 100;
/// And at most.
pub const MAX_PAGE: u16 = 500;
/// Rows that can be passed over; a cursor goes on from there.
pub const MAX_OFFSET: u32 = 10_000;

/// The page that a caller asks for, of a list that is sorted by values of this kind.
pub fn page(
    limit: Option<u16>,
    offset: Option<u32>,
    after: Option<&str>,
    kind: KeyKind,
) -> Result<Page, Problem> {
    let limit = limit.unwrap_or(PAGE);
    if !(1..=MAX_PAGE).contains(&limit) {
        return Err(refused(format!("`limit` is 1 to {MAX_PAGE}, not {limit}")));
    }
    let offset = offset.unwrap_or(0);
    if offset > MAX_OFFSET {
        let detail =
            format!("`offset` is at most {MAX_OFFSET}; go on with `after`, which is faster");
        return Err(refused(detail));
    }
    let after = match after {
        None => None,
        Some(word) => Some(Cursor::read(word, kind).ok_or_else(|| {
            refused("`after` is not the `next` of an answer of this list in this order")
        })?),
    };
    Ok(Page {
        limit: limit.into(),
        offset: offset.into(),
        after,
    })
}

/// Nothing is older than the calendar of computers, and the database does not know every time that a caller can write.
pub fn storable(time: jiff::Timestamp) -> jiff::Timestamp {
    time.max(jiff::Timestamp::UNIX_EPOCH)
}

fn refused(detail: impl Into<String>) -> Problem {
    Problem::new(Code::InvalidQuery, detail)
}
