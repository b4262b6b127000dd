//! Putting files and streams: read once, hashed while they go, in parts when they are large.

use std::path::Path;

use aws_sdk_s3::primitives::ByteStream;
use sha2::{Digest, Sha256};
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncReadExt};

use crate::{Error, Objects, Stored, media_type};

/// What is read part by part, and the hash of what was read.
pub(crate) struct Source<'a, R> {
    reader: R,
    /// The file it is; none for a stream.
    path: Option<&'a Path>,
    key: &'a str,
    hash: Sha256,
    bytes: u64,
}

impl<'a, R: AsyncRead + Unpin> Source<'a, R> {
    fn new(reader: R, path: Option<&'a Path>, key: &'a str) -> Self {
        Self {
            reader,
            path,
            key,
            hash: Sha256::new(),
            bytes: 0,
        }
    }

    /// The next `size` bytes, fewer at the end.
    pub(crate) async fn next(&mut self, size: u64) -> Result<Vec<u8>, Error> {
        let mut part = Vec::new();
        let read = (&mut self.reader).take(size).read_to_end(&mut part).await;
        read.map_err(|source| match self.path {
            Some(path) => Error::file(path)(source),
            None => Error::Interrupted {
                key: self.key.to_owned(),
                source,
            },
        })?;
        self.hash.update(&part);
        self.bytes += part.len() as u64;
        Ok(part)
    }

    fn stored(self) -> Stored {
        Stored {
            key: self.key.to_owned(),
            bytes: self.bytes,
            sha256: hex::encode(self.hash.finalize()),
        }
    }
}

impl Objects {
    /// Stores a file. Only a few parts of it are in memory at a time; the answer's hash is of the bytes sent.
    pub async fn put_file(&self, key: &str, path: &Path) -> Result<Stored, Error> {
        let file = File::open(path).await.map_err(Error::file(path))?;
        let size = file.metadata().await.map_err(Error::file(path))?.len();
        let source = Source::new(file, Some(path), key);
        self.put(source, media_type(file_name(key)), size).await
    }

    /// Stores what a reader gives, about `size` bytes of it, as [`Objects::put_file`] does. A reader that fails leaves
    /// no object.
    pub async fn put_stream(
        &self,
        key: &str,
        content_type: &str,
        size: u64,
        reader: impl AsyncRead + Unpin,
    ) -> Result<Stored, Error> {
        let source = Source::new(reader, None, key);
        self.put(source, content_type, size).await
    }

    /// Stores a small object that is in memory already, with the media type of its key's extension.
    pub async fn put_bytes(&self, key: &str, content: Vec<u8>) -> Result<(), Error> {
        self.put_bytes_as(key, media_type(file_name(key)), content)
            .await
    }

    /// Stores a small object that is in memory already.
    pub async fn put_bytes_as(
        &self,
        key: &str,
        content_type: &str,
        content: Vec<u8>,
    ) -> Result<(), Error> {
        self.client
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .content_type(content_type)
            .body(ByteStream::from(content))
            .send()
            .await
            .map_err(Error::call("PutObject", key))?;
        Ok(())
    }

    async fn put<R: AsyncRead + Unpin>(
        &self,
        mut source: Source<'_, R>,
        content_type: &str,
        size: u64,
    ) -> Result<Stored, Error> {
        let key = source.key;
        if size > self.part_bytes {
            self.put_parts(key, content_type, &mut source, size).await?;
        } else {
            let content = source.next(u64::MAX).await?;
            self.put_bytes_as(key, content_type, content).await?;
        }
        Ok(source.stored())
    }
}

fn file_name(key: &str) -> &str {
    key.rsplit('/').next().unwrap_or(key)
}
