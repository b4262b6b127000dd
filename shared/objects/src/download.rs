//! Getting objects: as a stream, as a file that is either whole or absent, or as a short-lived link.

use std::path::{Path, PathBuf};
use std::time::Duration;

use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::{ByteStream, DateTime};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio::fs::{self, File};
use tokio::io::{AsyncBufRead, AsyncWriteExt};

use crate::{Error, Head, Objects, Stored};

/// A range of bytes, both ends included as in HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// First byte.
    pub first: u64,
    /// Last byte; to the end when absent.
    pub last: Option<u64>,
}

impl Range {
    fn header(self) -> String {
        let last = self.last.map(|last| last.to_string()).unwrap_or_default();
        format!("bytes={}-{last}", self.first)
    }
}

/// An object on its way.
#[derive(Debug)]
pub struct Download {
    /// What is known of the object; `bytes` is what will arrive, not the size of the whole object.
    pub head: Head,
    /// `bytes 0-99/1234`, when a range was asked for.
    pub content_range: Option<String>,
    body: ByteStream,
}

impl Download {
    pub(crate) fn into_body(self) -> ByteStream {
        self.body
    }

    /// The content, to be read once.
    pub fn into_reader(self) -> impl AsyncBufRead + Send + Unpin + 'static {
        self.body.into_async_read()
    }
}

impl Objects {
    /// Starts reading an object or a range of it.
    pub async fn get_stream(&self, key: &str, range: Option<Range>) -> Result<Download, Error> {
        let answer = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .set_range(range.map(Range::header))
            .send()
            .await
            .map_err(Error::call("GetObject", key))?;
        Ok(Download {
            head: head_of_get(&answer),
            content_range: answer.content_range,
            body: answer.body,
        })
    }

    /// Fetches an object into a file. The file appears under its name only when it is whole and, if a
    /// hash is given, has that SHA-256.
    pub async fn get_to_file(
        &self,
        key: &str,
        path: &Path,
        sha256: Option<&str>,
    ) -> Result<Stored, Error> {
        let partial = partial_name(path);
        let fetched = match self.fetch(key, &partial).await {
            Ok(stored) => checked(stored, sha256),
            Err(error) => Err(error),
        };
        match fetched {
            Ok(stored) => {
                fs::rename(&partial, path)
                    .await
                    .map_err(Error::file(path))?;
                Ok(stored)
            }
            Err(error) => {
                // The first error is the one to report; a left partial file goes with its folder.
                let _ = fs::remove_file(&partial).await;
                Err(error)
            }
        }
    }

    /// What is known of an object, or `None` when there is no such object.
    pub async fn head(&self, key: &str) -> Result<Option<Head>, Error> {
        let asked = self
            .client
            .head_object()
            .bucket(&self.bucket)
            .key(key)
            .send()
            .await;
        match asked.map_err(Error::call("HeadObject", key)) {
            Ok(answer) => Ok(Some(Head {
                bytes: bytes(answer.content_length),
                modified: answer.last_modified.as_ref().and_then(timestamp),
                content_type: answer.content_type,
                etag: answer.e_tag,
            })),
            Err(error) if error.is_missing() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A link that gives the object to whoever holds it, for `ttl`, as a download called `file_name`.
    /// It dies earlier if the credentials that signed it do.
    pub async fn presign_get(
        &self,
        key: &str,
        ttl: Duration,
        file_name: &str,
    ) -> Result<String, Error> {
        let config = PresigningConfig::expires_in(ttl).map_err(|error| Error::Refused {
            operation: "GetObject",
            key: key.to_owned(),
            reason: error.to_string(),
        })?;
        let request = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .response_content_disposition(disposition(file_name))
            .presigned(config)
            .await
            .map_err(Error::call("GetObject", key))?;
        Ok(request.uri().to_owned())
    }

    async fn fetch(&self, key: &str, path: &Path) -> Result<Stored, Error> {
        let mut body = self.get_stream(key, None).await?.body;
        let mut file = File::create(path).await.map_err(Error::file(path))?;
        let (mut hash, mut bytes) = (Sha256::new(), 0);
        while let Some(piece) = body.next().await {
            let piece = piece.map_err(|error| Error::Interrupted {
                key: key.to_owned(),
                source: error.into(),
            })?;
            hash.update(&piece);
            bytes += piece.len() as u64;
            file.write_all(&piece).await.map_err(Error::file(path))?;
        }
        file.flush().await.map_err(Error::file(path))?;
        Ok(Stored {
            key: key.to_owned(),
            bytes,
            sha256: hex::encode(hash.finalize()),
        })
    }
}

/// A header value that holds any file name: only plain characters unescaped.
pub(crate) fn disposition(file_name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ');
    let safe: String = file_name
        .chars()
        .map(|c| if plain(c) { c } else { '_' })
        .collect();
    format!("attachment; filename=\"{safe}\"")
}

fn checked(stored: Stored, sha256: Option<&str>) -> Result<Stored, Error> {
    match sha256 {
        Some(expected) if expected != stored.sha256 => Err(Error::Corrupt {
            key: stored.key,
            expected: expected.to_owned(),
            found: stored.sha256,
        }),
        _ => Ok(stored),
    }
}

/// `mesh.tar.gz` → `.mesh.tar.gz.partial` in the same folder, so that the rename is atomic.
pub(crate) fn partial_name(path: &Path) -> PathBuf {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy())
        .unwrap_or_default();
    path.with_file_name(format!(".{name}.partial"))
}

fn head_of_get(answer: &GetObjectOutput) -> Head {
    Head {
        bytes: bytes(answer.content_length),
        content_type: answer.content_type.clone(),
        etag: answer.e_tag.clone(),
        modified: answer.last_modified.as_ref().and_then(timestamp),
    }
}

fn bytes(content_length: Option<i64>) -> u64 {
    content_length
        .and_then(|length| u64::try_from(length).ok())
        .unwrap_or_default()
}

fn timestamp(at: &DateTime) -> Option<Timestamp> {
    Timestamp::from_second(at.secs()).ok()
}
