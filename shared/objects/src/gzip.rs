//! Text at rest, compressed by gzip (RFC 1952): the same content always gives the same bytes, so that what is stored can
//! be known by its hash. The header is the shortest there is, without a name or a time.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;

use flate2::read::GzDecoder;
use flate2::{Compression, GzBuilder, write};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::download::partial_name;
use crate::{Error, Objects};

/// How everything begins that [`compress`] writes: gzip, deflate, none of the optional fields.
pub(crate) const BEGINNING: [u8; 4] = [0x1f, 0x8b, 8, 0];
/// The header's length.
pub(crate) const HEADER_BYTES: u64 = 10;
/// Checksum and size of the content, after the data.
pub(crate) const TRAILER_BYTES: u64 = 8;

const PIECE_BYTES: usize = 1 << 16;

/// What a compressed file unpacks to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unpacked {
    /// Size.
    pub bytes: u64,
    /// SHA-256, lower-case hexadecimal.
    pub sha256: String,
}

/// Writes a file's content to another one, compressed.
pub async fn compress(from: &Path, to: &Path) -> Result<Unpacked, Error> {
    blocking(from, to, pack).await
}

/// Writes what a compressed file holds to another one, which appears only when it is whole and what was expected.
pub async fn unpack(from: &Path, to: &Path, expected: &Unpacked) -> Result<(), Error> {
    let expected = expected.clone();
    blocking(from, to, move |from, to| {
        let partial = partial_name(to);
        let unpacked = unpack_into(&partial, from, &expected)
            .and_then(|()| fs::rename(&partial, to).map_err(Error::file(to)));
        if unpacked.is_err() {
            // The first error is the one to report; a left partial file goes with its folder.
            let _ = fs::remove_file(&partial);
        }
        unpacked
    })
    .await
}

impl Objects {
    /// Fetches a compressed object of this hash and writes what it holds to a file, which appears only when it is whole
    /// and what was expected.
    pub async fn get_unpacked(
        &self,
        key: &str,
        sha256: &str,
        to: &Path,
        expected: &Unpacked,
    ) -> Result<(), Error> {
        let packed = to.with_added_extension("gz");
        self.get_to_file(key, &packed, Some(sha256)).await?;
        let unpacked = unpack(&packed, to, expected).await;
        tokio::fs::remove_file(&packed)
            .await
            .map_err(Error::file(&packed))?;
        unpacked
    }

    /// The last `most` bytes of what a compressed object holds. All of it is read, and so much of it kept.
    pub async fn end_of_unpacked(&self, key: &str, most: usize) -> Result<Vec<u8>, Error> {
        let mut body = self.get_stream(key, None).await?.into_body();
        let broken = |source: io::Error| Error::Interrupted {
            key: key.to_owned(),
            source,
        };
        let mut decoder = write::GzDecoder::new(End::of(most));
        while let Some(piece) = body.next().await {
            let piece = piece.map_err(|error| broken(error.into()))?;
            decoder.write_all(&piece).map_err(broken)?;
        }
        Ok(decoder.finish().map_err(broken)?.whole())
    }
}

async fn blocking<T: Send + 'static>(
    from: &Path,
    to: &Path,
    work: impl FnOnce(&Path, &Path) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let (source, target) = (from.to_owned(), to.to_owned());
    let done = tokio::task::spawn_blocking(move || work(&source, &target)).await;
    done.unwrap_or_else(|dropped| Err(Error::file(to)(io::Error::other(dropped))))
}

fn pack(from: &Path, to: &Path) -> Result<Unpacked, Error> {
    let mut source = File::open(from).map_err(Error::file(from))?;
    let target = BufWriter::new(File::create(to).map_err(Error::file(to))?);
    let mut encoder = GzBuilder::new()
        .mtime(0)
        .write(target, Compression::default());
    let content = copy((&mut source, from), (&mut encoder, to))?;
    let ended = encoder.finish().and_then(|mut target| target.flush());
    ended.map_err(Error::file(to))?;
    Ok(content)
}

fn unpack_into(partial: &Path, from: &Path, expected: &Unpacked) -> Result<(), Error> {
    let source = BufReader::new(File::open(from).map_err(Error::file(from))?);
    // one byte more shows that there is too much, and is enough of it
    let mut content = GzDecoder::new(source).take(expected.bytes.saturating_add(1));
    let mut target = File::create(partial).map_err(Error::file(partial))?;
    let found = copy((&mut content, from), (&mut target, partial))?;
    if found == *expected {
        return Ok(());
    }
    Err(Error::Corrupt {
        key: from.display().to_string(),
        expected: expected.sha256.clone(),
        found: found.sha256,
    })
}

/// Copies all there is, and gives its size and hash.
fn copy(
    (source, from): (&mut impl Read, &Path),
    (target, to): (&mut impl Write, &Path),
) -> Result<Unpacked, Error> {
    let (mut hash, mut bytes, mut piece) = (Sha256::new(), 0, vec![0; PIECE_BYTES]);
    loop {
        let read = source.read(&mut piece).map_err(Error::file(from))?;
        if read == 0 {
            let sha256 = hex::encode(hash.finalize());
            return Ok(Unpacked { bytes, sha256 });
        }
        hash.update(&piece[..read]);
        target.write_all(&piece[..read]).map_err(Error::file(to))?;
        bytes += read as u64;
    }
}

/// The end of what is written into it, and for a while some more.
struct End {
    bytes: Vec<u8>,
    most: usize,
}

impl End {
    fn of(most: usize) -> Self {
        Self {
            bytes: Vec::new(),
            most,
        }
    }

    fn cut(&mut self) {
        let surplus = self.bytes.len().saturating_sub(self.most);
        self.bytes.drain(..surplus);
    }

    fn whole(mut self) -> Vec<u8> {
        self.cut();
        self.bytes
    }
}

impl Write for End {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(piece);
        if self.bytes.len() > 2 * self.most {
            self.cut();
        }
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
