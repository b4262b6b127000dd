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
    let (limit, offset) = bounds(limit, offset, "`after`, which is faster")?;
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

/// How many rows a caller gets and how many are passed over; `faster` names what leads further than that.
pub(crate) fn bounds(
    limit: Option<u16>,
    offset: Option<u32>,
    faster: &str,
) -> Result<(u16, u32), Problem> {
    let (limit, offset) = (limit.unwrap_or(PAGE), offset.unwrap_or(0));
    if !(1..=MAX_PAGE).contains(&limit) {
        return Err(refused(format!("`limit` is 1 to {MAX_PAGE}, not {limit}")));
    }
    if offset > MAX_OFFSET {
        return Err(refused(format!(
            "`offset` is at most {MAX_OFFSET}; go on with {faster}"
        )));
    }
    Ok((limit, offset))
}

/// Nothing is older than the calendar of computers, and the database does not know every time that a caller can write.
pub fn storable(time: jiff::Timestamp) -> jiff::Timestamp {
    time.max(jiff::Timestamp::UNIX_EPOCH)
}

fn refused(detail: impl Into<String>) -> Problem {
    Problem::new(Code::InvalidQuery, detail)
}
