//! Hashing what is stored, in steps that may lie far apart: what one process began another can go on with.

use sha2::digest::common::hazmat::{SerializableState, SerializedState};
use sha2::{Digest, Sha256};
use tokio::io::AsyncReadExt;

use crate::{Error, Objects, Range};

/// How much of an object's beginning shows what it is.
const BEGINNING_BYTES: u64 = 4096;

/// The SHA-256 of the first bytes of an object.
#[derive(Clone, Debug, Default)]
pub struct Hashing {
    bytes: u64,
    hash: Sha256,
}

impl Hashing {
    /// Goes on after so many bytes from a state that was kept; none if it is no state.
    pub fn resume(bytes: u64, state: &[u8]) -> Option<Self> {
        let state = SerializedState::<Sha256>::try_from(state).ok()?;
        let hash = Sha256::deserialize(&state).ok()?;
        Some(Self { bytes, hash })
    }

    /// How many bytes it is of.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// What [`Hashing::resume`] goes on from.
    pub fn state(&self) -> Vec<u8> {
        self.hash.serialize().to_vec()
    }

    /// The hash, lower-case hexadecimal.
    pub fn sha256(self) -> String {
        hex::encode(self.hash.finalize())
    }
}

impl Objects {
    /// Hashes the next `bytes` of an object, fewer at its end but at least one. After an error nothing of them is hashed.
    pub async fn hash_on(&self, key: &str, hashing: &mut Hashing, bytes: u64) -> Result<(), Error> {
        let mut next = hashing.clone();
        let range = Range {
            first: next.bytes,
            last: Some(next.bytes + bytes.saturating_sub(1)),
        };
        let mut body = self.get_stream(key, Some(range)).await?.into_body();
        while let Some(piece) = body.next().await {
            let piece = piece.map_err(|error| Error::Interrupted {
                key: key.to_owned(),
                source: error.into(),
            })?;
            next.hash.update(&piece);
            next.bytes += piece.len() as u64;
        }
        if next.bytes == hashing.bytes {
            return Err(Error::Interrupted {
                key: key.to_owned(),
                source: std::io::ErrorKind::UnexpectedEof.into(),
            });
        }
        *hashing = next;
        Ok(())
    }

    /// The first 4096 bytes, or all of a smaller object.
    pub async fn beginning(&self, key: &str) -> Result<Vec<u8>, Error> {
        let mut beginning = Vec::new();
        // of an empty object there is no range
        let all = self.get_stream(key, None).await?.into_reader();
        let read = all.take(BEGINNING_BYTES).read_to_end(&mut beginning).await;
        read.map_err(|source| Error::Interrupted {
            key: key.to_owned(),
            source,
        })?;
        Ok(beginning)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn a_kept_state_goes_on_to_the_same_hash() {
        let content: Vec<u8> = (0..=255).cycle().take(1000).collect();
        for cut in [0, 1, 63, 64, 65, 999, 1000] {
            let (first, rest) = content.split_at(cut);
            let begun = Hashing {
                bytes: cut as u64,
                hash: Sha256::new_with_prefix(first),
            };
            let mut resumed = Hashing::resume(begun.bytes(), &begun.state()).unwrap();
            resumed.hash.update(rest);
            assert_eq!(resumed.sha256(), hex::encode(Sha256::digest(&content)));
        }
        assert!(Hashing::resume(1, b"no state").is_none());
    }
}
