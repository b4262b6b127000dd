//! Where a page of a sorted list ended: the sort value and the id of its last row. To callers it is an opaque word.

use std::fmt;

use jiff::Timestamp;
use uuid::Uuid;

/// The end of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Cursor {
    /// The value that the list is sorted by.
    pub key: Key,
    /// The row.
    pub id: Uuid,
    /// Which part of the row, where a row has several: the velocity of a simulation.
    pub index: i32,
}

/// A value that a list is sorted by.
#[derive(Debug, Clone, PartialEq)]
pub enum Key {
    /// A measured number.
    Real(f64),
    /// A count.
    Whole(i32),
    /// A name.
    Text(String),
    /// A time.
    Time(Timestamp),
}

/// What a list is sorted by holds values of this kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// A measured number.
    Real,
    /// A count.
    Whole,
    /// A name.
    Text,
    /// A time.
    Time,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = match &self.key {
            Key::Real(value) => value.to_string(),
            Key::Whole(value) => value.to_string(),
            Key::Text(value) => value.clone(),
            Key::Time(value) => value.to_string(),
        };
        let plain = format!("{} {} {key}", self.id.simple(), self.index);
        plain.bytes().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Cursor {
    /// Reads a cursor of a list that is sorted by values of this kind; none when it is not one.
    pub fn read(word: &str, kind: KeyKind) -> Option<Self> {
        let plain = String::from_utf8(unhex(word)?).ok()?;
        let mut parts = plain.splitn(3, ' ');
        let id = parts.next()?.parse().ok()?;
        let index = parts.next()?.parse().ok()?;
        let key = parts.next()?;
        let key = match kind {
            KeyKind::Real => Key::Real(key.parse().ok().filter(|value: &f64| value.is_finite())?),
            KeyKind::Whole => Key::Whole(key.parse().ok()?),
            KeyKind::Text => Key::Text((!key.contains('\0')).then(|| key.to_owned())?),
            KeyKind::Time => Key::Time(key.parse().ok().filter(|time| is_storable(*time))?),
        };
        Some(Self { key, id, index })
    }
}

/// Whether Postgres knows the time: its calendar begins in 4713 BC.
pub fn is_storable(time: Timestamp) -> bool {
    time >= Timestamp::UNIX_EPOCH
}

fn unhex(word: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = word
        .chars()
        .map(|digit| Some(u8::try_from(digit.to_digit(16)?).unwrap_or(0)))
        .collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty()
        .then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back() {
        let time = Timestamp::from_microsecond(1_790_000_000_123_456);
        let keys = [
            (Key::Real(0.1 + 0.2), KeyKind::Real),
            (Key::Real(-1e-300), KeyKind::Real),
            (Key::Whole(-7), KeyKind::Whole),
            (Key::Text("a b ü".to_owned()), KeyKind::Text),
            (Key::Time(time.unwrap_or_default()), KeyKind::Time),
        ];
        for (key, kind) in keys {
            let (id, index) = (Uuid::from_u128(7), 3);
            let cursor = Cursor { key, id, index };
            assert_eq!(Cursor::read(&cursor.to_string(), kind), Some(cursor));
        }
    }

    #[test]
    fn what_is_no_cursor_of_the_list_is_refused() {
        let time = Cursor {
            key: Key::Text("x\0".to_owned()),
            id: Uuid::nil(),
            index: 0,
        };
        let word = time.to_string();
        for kind in [KeyKind::Real, KeyKind::Whole, KeyKind::Text, KeyKind::Time] {
            for word in ["", "0", "zz", "ff", "é", &word, &word[..9]] {
                assert_eq!(Cursor::read(word, kind), None, "{word}");
            }
        }
    }
}
