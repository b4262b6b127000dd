//! Zip archives of objects, written while the objects are read. Nothing is compressed here, so the size of the archive is
//! known before its first byte; checksums follow each entry in a data descriptor. Of an object that is stored compressed
//! the archive takes over the compressed data: whoever opens it finds the content.

mod format;

use std::io;
use std::ops::Range;

use crc32fast::Hasher;
use jiff::Timestamp;
use tokio::io::{AsyncBufReadExt, AsyncWrite, AsyncWriteExt};

use crate::gzip::{BEGINNING, HEADER_BYTES, TRAILER_BYTES};
use crate::{Error, Objects};

/// One object in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name in the archive, folders before it; at most 65 535 bytes.
    pub name: String,
    /// Key in the bucket.
    pub key: String,
    /// Size of the object.
    pub bytes: u64,
    /// Size of what it unpacks to, if it is one that [`crate::gzip::compress`] wrote.
    pub unpacked_bytes: Option<u64>,
    /// What the archive says about when it was last changed.
    pub modified: Timestamp,
}

impl Entry {
    /// Where in the object the data for the archive lies: without what gzip puts around it.
    fn data(&self) -> Range<u64> {
        match self.unpacked_bytes {
            None => 0..self.bytes,
            Some(_) => HEADER_BYTES..self.bytes.saturating_sub(TRAILER_BYTES).max(HEADER_BYTES),
        }
    }

    /// How much of the archive the data takes.
    fn data_bytes(&self) -> u64 {
        let data = self.data();
        data.end - data.start
    }

    /// Size of what whoever opens the archive finds.
    fn content_bytes(&self) -> u64 {
        self.unpacked_bytes.unwrap_or(self.bytes)
    }

    fn refused(&self, reason: String) -> Error {
        Error::Refused {
            operation: "GetObject",
            key: self.key.clone(),
            reason,
        }
    }
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
            local += entry.data_bytes() + format::descriptor(entry, 0).len() as u64;
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
            offset += header.len() as u64 + entry.data_bytes() + descriptor.len() as u64;
        }
        let end = format::end(archive.entries.len() as u64, central.len() as u64, offset);
        central.extend_from_slice(&end);
        let ended = async {
            sink.write_all(&central).await?;
            sink.flush().await
        };
        ended.await.map_err(interrupted("the archive's directory"))
    }

    /// Copies the object's data and gives the checksum of its content.
    async fn copy(
        &self,
        entry: &Entry,
        sink: &mut (impl AsyncWrite + Unpin),
    ) -> Result<u32, Error> {
        let mut reader = self.get_stream(&entry.key, None).await?.into_reader();
        let (mut crc, mut copied, mut frame) = (Hasher::new(), 0, Vec::new());
        let wanted = entry.data();
        while copied <= entry.bytes {
            let piece = reader.fill_buf().await.map_err(interrupted(&entry.key))?;
            if piece.is_empty() {
                break;
            }
            let place = |at: u64| {
                let from_here = usize::try_from(at.saturating_sub(copied)).unwrap_or(usize::MAX);
                from_here.min(piece.len())
            };
            let (start, end) = (place(wanted.start), place(wanted.end));
            crc.update(&piece[start..end]);
            write(entry, sink, &piece[start..end]).await?;
            frame.extend_from_slice(&piece[..start]);
            frame.extend_from_slice(&piece[end..]);
            let length = piece.len();
            copied += length as u64;
            reader.consume(length);
        }
        if copied != entry.bytes {
            let reason = format!("{copied} bytes arrived, {} were recorded", entry.bytes);
            return Err(entry.refused(reason));
        }
        match entry.unpacked_bytes {
            None => Ok(crc.finalize()),
            Some(bytes) => checksum(&frame, bytes)
                .ok_or_else(|| entry.refused("is not compressed as recorded".to_owned())),
        }
    }
}

/// What stands around compressed data says the checksum of its content, if it is one of ours and of this size.
fn checksum(frame: &[u8], bytes: u64) -> Option<u32> {
    let number = |at: usize| {
        let digits = frame.get(at..at + 4)?;
        Some(u32::from_le_bytes(digits.try_into().ok()?))
    };
    let header = usize::try_from(HEADER_BYTES).ok()?;
    let size = number(header + 4)?;
    // of a content beyond four gigabytes gzip keeps the lower digits of the size
    (frame.starts_with(&BEGINNING) && u64::from(size) == bytes & u64::from(u32::MAX))
        .then(|| number(header))?
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
