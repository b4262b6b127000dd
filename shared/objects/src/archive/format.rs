//! The records of a zip file (APPNOTE.TXT 6.3.10 of PKWARE), of entries of known size that are stored, or were compressed
//! before. Numbers too large for their field move to a zip64 extra field.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Entry;

/// Sizes are in the descriptor after the data (bit 3), and names are UTF-8 (bit 11).
const FLAGS: u16 = (1 << 3) | (1 << 11);
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// The version that knows zip64.
const ZIP64: u16 = 45;
const PLAIN: u16 = 20;
/// Made on Unix, so that the upper half of the external attributes is a file mode.
const MADE_BY: u16 = (3 << 8) | ZIP64;
const REGULAR_FILE: u32 = 0o100_644 << 16;
const ZIP64_EXTRA: u16 = 1;
/// What stands in a field whose number is in the extra field.
const ELSEWHERE: u32 = u32::MAX;

/// What stands before an entry's data.
pub(super) fn local_header(entry: &Entry) -> Vec<u8> {
    let large = is_wide(entry);
    let mut record = Record::default();
    record.u32(0x0403_4b50).common(entry, large);
    record.u32(0); // the checksum follows the data
    let (size, extra) = if large {
        (ELSEWHERE, zip64(&[0, 0]))
    } else {
        (0, Vec::new())
    };
    record.u32(size).u32(size).lengths(entry, &extra);
    record.bytes(entry.name.as_bytes()).bytes(&extra);
    record.0
}

/// What stands after an entry's data.
pub(super) fn descriptor(entry: &Entry, crc: u32) -> Vec<u8> {
    let mut record = Record::default();
    record.u32(0x0807_4b50).u32(crc);
    let (data, content) = (entry.data_bytes(), entry.content_bytes());
    match (narrow(data), narrow(content)) {
        (Some(data), Some(content)) => record.u32(data).u32(content),
        _ => record.u64(data).u64(content),
    };
    record.0
}

/// The entry in the directory at the end; `offset` is where its local header begins.
pub(super) fn central_header(entry: &Entry, crc: u32, offset: u64) -> Vec<u8> {
    let (data, content) = (entry.data_bytes(), entry.content_bytes());
    let is_wide = is_wide(entry);
    let mut large = Vec::new();
    if is_wide {
        large.extend([content, data]);
    }
    if is_large(offset) {
        large.push(offset);
    }
    let extra = if large.is_empty() {
        Vec::new()
    } else {
        zip64(&large)
    };
    let size = |bytes| narrow(bytes).filter(|_| !is_wide).unwrap_or(ELSEWHERE);
    let mut record = Record::default();
    record.u32(0x0201_4b50).u16(MADE_BY);
    record.common(entry, !large.is_empty());
    record.u32(crc).u32(size(data)).u32(size(content));
    record.lengths(entry, &extra);
    record.u16(0).u16(0).u16(0); // no comment, first disk, no internal attributes
    record.u32(REGULAR_FILE);
    record.u32(narrow(offset).unwrap_or(ELSEWHERE));
    record.bytes(entry.name.as_bytes()).bytes(&extra);
    record.0
}

/// What ends the archive: `entries` in a directory of `size` bytes that begins at `offset`.
pub(super) fn end(entries: u64, size: u64, offset: u64) -> Vec<u8> {
    let count = u16::try_from(entries).ok().filter(|&few| few < u16::MAX);
    let mut record = Record::default();
    if count.is_none() || is_large(size) || is_large(offset) {
        record.u32(0x0606_4b50).u64(44).u16(MADE_BY).u16(ZIP64);
        record.u32(0).u32(0).u64(entries).u64(entries);
        record.u64(size).u64(offset);
        record.u32(0x0706_4b50).u32(0).u64(offset + size).u32(1);
    }
    let count = count.unwrap_or(u16::MAX);
    record.u32(0x0605_4b50).u16(0).u16(0).u16(count).u16(count);
    record.u32(narrow(size).unwrap_or(ELSEWHERE));
    record.u32(narrow(offset).unwrap_or(ELSEWHERE)).u16(0);
    record.0
}

/// Numbers in little-endian order, one after the other.
#[derive(Default)]
struct Record(Vec<u8>);

impl Record {
    fn u16(&mut self, number: u16) -> &mut Self {
        self.bytes(&number.to_le_bytes())
    }

    fn u32(&mut self, number: u32) -> &mut Self {
        self.bytes(&number.to_le_bytes())
    }

    fn u64(&mut self, number: u64) -> &mut Self {
        self.bytes(&number.to_le_bytes())
    }

    fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// From the version that is needed up to the time of change: the same in both headers.
    fn common(&mut self, entry: &Entry, large: bool) -> &mut Self {
        let (time, date) = dos_time(entry.modified);
        self.u16(if large { ZIP64 } else { PLAIN });
        let method = match entry.unpacked_bytes {
            None => STORED,
            Some(_) => DEFLATED,
        };
        self.u16(FLAGS).u16(method).u16(time).u16(date)
    }

    fn lengths(&mut self, entry: &Entry, extra: &[u8]) -> &mut Self {
        let length = |bytes: usize| u16::try_from(bytes).unwrap_or(u16::MAX);
        self.u16(length(entry.name.len())).u16(length(extra.len()))
    }
}

fn zip64(numbers: &[u64]) -> Vec<u8> {
    let mut record = Record::default();
    let length = u16::try_from(numbers.len() * 8).unwrap_or(u16::MAX);
    record.u16(ZIP64_EXTRA).u16(length);
    for &number in numbers {
        record.u64(number);
    }
    record.0
}

/// Either size is too large for its field: then both are elsewhere.
fn is_wide(entry: &Entry) -> bool {
    is_large(entry.data_bytes()) || is_large(entry.content_bytes())
}

fn is_large(number: u64) -> bool {
    narrow(number).is_none()
}

fn narrow(number: u64) -> Option<u32> {
    u32::try_from(number)
        .ok()
        .filter(|&small| small < ELSEWHERE)
}

/// Time and date as MS-DOS kept them, in UTC: two seconds to a step, from 1980 to 2107.
fn dos_time(at: Timestamp) -> (u16, u16) {
    let at = at.to_zoned(TimeZone::UTC);
    let part = |number: i8| u16::try_from(number).unwrap_or_default();
    match u16::try_from(at.year())
        .ok()
        .and_then(|year| year.checked_sub(1980))
    {
        Some(year) if year < 128 => {
            let time = (part(at.hour()) << 11) | (part(at.minute()) << 5) | (part(at.second()) / 2);
            let date = (year << 9) | (part(at.month()) << 5) | part(at.day());
            (time, date)
        }
        _ => (0, (1 << 5) | 1),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    fn entry(bytes: u64) -> Entry {
        Entry {
            name: "a".to_owned(),
            key: "k".to_owned(),
            bytes,
            unpacked_bytes: None,
            modified: "2026-11-22T15:04:05Z".parse().unwrap(),
        }
    }

    #[test]
    fn four_gigabytes_less_two_bytes_fit_and_one_more_needs_the_wide_fields() {
        let limit = u64::from(u32::MAX);
        assert_eq!(local_header(&entry(limit - 1)).len(), 30 + 1);
        assert_eq!(descriptor(&entry(limit - 1), 0).len(), 16);
        assert_eq!(local_header(&entry(limit)).len(), 30 + 1 + 20);
        assert_eq!(descriptor(&entry(limit), 0).len(), 24);
    }

    #[test]
    fn what_unpacks_to_more_than_four_gigabytes_needs_the_wide_fields_too() {
        let packed = |unpacked_bytes| Entry {
            unpacked_bytes: Some(unpacked_bytes),
            ..entry(1000)
        };
        let limit = u64::from(u32::MAX);
        assert_eq!(local_header(&packed(limit - 1)).len(), 30 + 1);
        assert_eq!(local_header(&packed(limit)).len(), 30 + 1 + 20);
        let descriptor = descriptor(&packed(limit), 0);
        assert_eq!(
            descriptor[8..16],
            982_u64.to_le_bytes(),
            "gzip's frame is left out"
        );
        assert_eq!(descriptor[16..24], limit.to_le_bytes());
        assert_eq!(central_header(&packed(limit), 0, 7).len(), 46 + 1 + 4 + 16);
    }

    #[test]
    fn the_directory_widens_only_what_is_large() {
        let limit = u64::from(u32::MAX);
        assert_eq!(central_header(&entry(5), 0, 7).len(), 46 + 1);
        assert_eq!(central_header(&entry(5), 0, limit).len(), 46 + 1 + 4 + 8);
        assert_eq!(central_header(&entry(limit), 0, 7).len(), 46 + 1 + 4 + 16);
        assert_eq!(
            central_header(&entry(limit), 0, limit).len(),
            46 + 1 + 4 + 24
        );
    }

    #[test]
    fn the_end_is_wide_for_many_entries_or_a_far_directory() {
        assert_eq!(end(65_534, 1, 1).len(), 22);
        assert_eq!(end(65_535, 1, 1).len(), 56 + 20 + 22);
        assert_eq!(end(1, 1, u64::from(u32::MAX)).len(), 56 + 20 + 22);
    }

    #[test]
    fn a_time_is_packed_and_one_out_of_range_is_the_first_day() {
        let (time, date) = dos_time("2026-11-22T15:04:05Z".parse().unwrap());
        assert_eq!((time >> 11, (time >> 5) & 63, (time & 31) * 2), (15, 4, 4));
        assert_eq!(
            (1980 + (date >> 9), (date >> 5) & 15, date & 31),
            (2026, 11, 22)
        );
        assert_eq!(dos_time("1970-01-01T00:00:00Z".parse().unwrap()), (0, 33));
    }
}
