//! Zip archives of objects, written while the objects are read. Entries are stored as they are, so the size of the archive
//! is known before its first byte; checksums follow each entry in a data descriptor.

mod format;

use std::io;

use crc32fast::Hasher;
use jiff::Timestamp;
use tokio::io::{AsyncBufReadExt, AsyncWrite, AsyncWriteExt};

use crate::{Error, Objects};

/// One object in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name in the archive, folders before it; at most 65 535 bytes.
    pub name: String,
    /// Key in the bucket.
    pub key: String,
    /// Size.
    pub bytes: u64,
    /// What the archive says about when it was last changed.
    pub modified: Timestamp,
}

/// A zip archive to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Archive {
    /// In the order in which they are written.
    pub entries: Vec<Entry>,
}

impl Archive {
    /// The size of the whole archive.
    pub fn bytes(&self) -> u64 {
        let (mut local, mut central) = (0, 0);
        for entry in &self.entries {
            central += format::central_header(entry, 0, local).len() as u64;
            local += format::local_header(entry).len() as u64;
            local += entry.bytes + format::descriptor(entry, 0).len() as u64;
        }
        let end = format::end(self.entries.len() as u64, central, local);
        local + central + end.len() as u64
    }
}

impl Objects {
    /// Writes the archive, one object after the other; what is in memory of it is a piece of one object. An object that
    /// is missing or of another size ends it with an error, and what was written is no archive.
    pub async fn write_archive(
        &self,
        archive: &Archive,
        sink: &mut (impl AsyncWrite + Unpin),
    ) -> Result<(), Error> {
        let (mut central, mut offset) = (Vec::new(), 0);
        for entry in &archive.entries {
            let header = format::local_header(entry);
            write(entry, sink, &header).await?;
            let crc = self.copy(entry, sink).await?;
            let descriptor = format::descriptor(entry, crc);
            write(entry, sink, &descriptor).await?;
            central.extend_from_slice(&format::central_header(entry, crc, offset));
            offset += header.len() as u64 + entry.bytes + descriptor.len() as u64;
        }
        let end = format::end(archive.entries.len() as u64, central.len() as u64, offset);
        central.extend_from_slice(&end);
        let ended = async {
            sink.write_all(&central).await?;
            sink.flush().await
        };
        ended.await.map_err(interrupted("the archive's directory"))
    }

    /// Copies the object and gives its checksum.
    async fn copy(
        &self,
        entry: &Entry,
        sink: &mut (impl AsyncWrite + Unpin),
    ) -> Result<u32, Error> {
        let mut reader = self.get_stream(&entry.key, None).await?.into_reader();
        let (mut crc, mut copied) = (Hasher::new(), 0);
        loop {
            let piece = reader.fill_buf().await.map_err(interrupted(&entry.key))?;
            if piece.is_empty() {
                break;
            }
            crc.update(piece);
            write(entry, sink, piece).await?;
            let length = piece.len();
            copied += length as u64;
            reader.consume(length);
        }
        if copied == entry.bytes {
            return Ok(crc.finalize());
        }
        Err(Error::Refused {
            operation: "GetObject",
            key: entry.key.clone(),
            reason: format!("{copied} bytes arrived, {} were recorded", entry.bytes),
        })
    }
}

async fn write(
    entry: &Entry,
    sink: &mut (impl AsyncWrite + Unpin),
    bytes: &[u8],
) -> Result<(), Error> {
    sink.write_all(bytes).await.map_err(interrupted(&entry.key))
}

fn interrupted(key: &str) -> impl FnOnce(io::Error) -> Error {
    move |source| Error::Interrupted {
        key: key.to_owned(),
        source,
    }
}
