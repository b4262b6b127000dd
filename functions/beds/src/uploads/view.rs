//! An upload as callers see it: what arrived, and where the rest goes.

use std::collections::BTreeMap;
use std::time::Duration;

use leito_http::{App, Problem};
use objects::Part;
use serde::Serialize;
use store::uploads;
use utoipa::ToSchema;
use uuid::Uuid;

/// The life of an address; a deployed function's credentials may end it earlier.
const ADDRESS_LIFE: Duration = Duration::from_hours(1);
/// Addresses in one answer.
const MOST_ADDRESSES: usize = 100;

/// An upload under way.
#[derive(Debug, Serialize, ToSchema)]
pub struct Upload {
    /// Its id, and that of the file to come.
    pub id: Uuid,
    /// The name that the file will have.
    pub name: String,
    /// What the file is.
    pub kind: String,
    /// Media type.
    pub content_type: String,
    /// Size of the whole file.
    pub bytes: u64,
    /// Size of every part but the last.
    pub part_bytes: u64,
    /// Number of parts.
    pub parts: u32,
    /// Parts that arrived.
    pub received_parts: u32,
    /// Bytes that arrived.
    pub received_bytes: u64,
    /// Parts to send, at most 100 of them.
    pub to_send: Vec<PartToSend>,
    /// Ask for the addresses of further parts with this as `from`; none when `to_send` has all of them.
    pub next_from: Option<u32>,
    /// When the upload is given up.
    pub expires_at: jiff::Timestamp,
}

/// A part that has not arrived.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartToSend {
    /// From 1.
    pub number: u32,
    /// Where in the file it begins.
    pub offset: u64,
    /// Its size.
    pub bytes: u64,
    /// Takes it by `PUT`, for an hour.
    pub url: String,
}

/// How a file is cut into parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// Size of the whole file.
    pub bytes: u64,
    /// Size of every part but the last.
    pub part_bytes: u64,
}

impl Cut {
    pub fn of(stored: &uploads::Upload) -> Self {
        Self {
            bytes: u64::try_from(stored.bytes).unwrap_or_default(),
            part_bytes: u64::try_from(stored.part_bytes).unwrap_or_default().max(1),
        }
    }

    pub fn parts(self) -> u32 {
        u32::try_from(self.bytes.div_ceil(self.part_bytes)).unwrap_or(u32::MAX)
    }

    /// Where a part begins, and its size.
    pub fn part(self, number: u32) -> (u64, u64) {
        let offset = u64::from(number.saturating_sub(1)) * self.part_bytes;
        (
            offset,
            self.bytes.saturating_sub(offset).min(self.part_bytes),
        )
    }

    /// The parts, from that number on, that are not there in their right size.
    pub fn missing(self, received: &[Part], from: u32) -> impl Iterator<Item = u32> {
        let there: BTreeMap<u32, u64> =
            received.iter().map(|one| (one.number, one.bytes)).collect();
        (from.max(1)..=self.parts())
            .filter(move |number| there.get(number) != Some(&self.part(*number).1))
    }
}

impl Upload {
    /// The upload, with addresses for what is missing from part `from` on.
    pub async fn of(
        app: &App,
        stored: &uploads::Upload,
        received: &[Part],
        from: u32,
    ) -> Result<Self, Problem> {
        let cut = Cut::of(stored);
        let mut missing = cut.missing(received, from);
        let mut to_send = Vec::new();
        for number in missing.by_ref().take(MOST_ADDRESSES) {
            let (offset, bytes) = cut.part(number);
            let (key, id) = (&stored.object_key, &stored.multipart_id);
            let url = app
                .objects
                .presign_part(key, id, number, bytes, ADDRESS_LIFE)
                .await?;
            to_send.push(PartToSend {
                number,
                offset,
                bytes,
                url,
            });
        }
        Ok(Self {
            id: stored.id,
            name: stored.name.clone(),
            kind: stored.kind.clone(),
            content_type: stored.content_type.clone(),
            bytes: cut.bytes,
            part_bytes: cut.part_bytes,
            parts: cut.parts(),
            received_parts: u32::try_from(received.len()).unwrap_or(u32::MAX),
            received_bytes: received.iter().map(|part| part.bytes).sum(),
            to_send,
            next_from: missing.next(),
            expires_at: stored.expires_at,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(number: u32, bytes: u64) -> Part {
        Part {
            number,
            bytes,
            etag: String::new(),
        }
    }

    #[test]
    fn the_last_part_is_the_rest() {
        let cut = Cut {
            bytes: 25,
            part_bytes: 10,
        };
        assert_eq!(cut.parts(), 3);
        assert_eq!(
            [cut.part(1), cut.part(2), cut.part(3)],
            [(0, 10), (10, 10), (20, 5)]
        );
        let even = Cut {
            bytes: 20,
            part_bytes: 10,
        };
        assert_eq!((even.parts(), even.part(2)), (2, (10, 10)));
    }

    #[test]
    fn a_part_of_a_wrong_size_is_missing() {
        let cut = Cut {
            bytes: 25,
            part_bytes: 10,
        };
        let there = [received(1, 10), received(3, 4)];
        assert_eq!(cut.missing(&there, 0).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(cut.missing(&there, 3).collect::<Vec<_>>(), [3]);
        assert_eq!(cut.missing(&there, 4).count(), 0);
    }
}
