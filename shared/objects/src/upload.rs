//! Putting files: read once, hashed while they go, in parts when they are large.

use std::path::Path;

use aws_sdk_s3::operation::create_multipart_upload::CreateMultipartUploadOutput;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use sha2::{Digest, Sha256};
use tokio::fs::File;
use tokio::io::AsyncReadExt;
use tokio::task::JoinSet;

use crate::{Error, Objects, Stored, media_type};

/// S3 takes at most ten thousand parts.
const MOST_PARTS: u64 = 10_000;
/// Parts on their way at once; each is in memory.
const PARALLEL: usize = 3;

/// The file being read part by part, and the hash of what was read.
struct Source<'a> {
    path: &'a Path,
    file: File,
    hash: Sha256,
    bytes: u64,
}

impl Source<'_> {
    /// The next `size` bytes, fewer at the end of the file.
    async fn next(&mut self, size: u64) -> Result<Vec<u8>, Error> {
        let mut part = Vec::new();
        (&mut self.file)
            .take(size)
            .read_to_end(&mut part)
            .await
            .map_err(Error::file(self.path))?;
        self.hash.update(&part);
        self.bytes += part.len() as u64;
        Ok(part)
    }

    fn stored(self, key: &str) -> Stored {
        Stored {
            key: key.to_owned(),
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
        let mut source = Source {
            path,
            file,
            hash: Sha256::new(),
            bytes: 0,
        };
        if size > self.part_bytes {
            self.put_parts(key, &mut source, size).await?;
        } else {
            let content = source.next(u64::MAX).await?;
            self.put_bytes(key, content).await?;
        }
        Ok(source.stored(key))
    }

    /// Stores a small object that is in memory already.
    pub async fn put_bytes(&self, key: &str, content: Vec<u8>) -> Result<(), Error> {
        self.client
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .content_type(media_type(file_name(key)))
            .body(ByteStream::from(content))
            .send()
            .await
            .map_err(Error::call("PutObject", key))?;
        Ok(())
    }

    async fn put_parts(&self, key: &str, source: &mut Source<'_>, size: u64) -> Result<(), Error> {
        let upload = self
            .client
            .create_multipart_upload()
            .bucket(&self.bucket)
            .key(key)
            .content_type(media_type(file_name(key)))
            .send()
            .await
            .map_err(Error::call("CreateMultipartUpload", key))?;
        let id = upload_id(&upload, key)?;
        let part_bytes = self.part_bytes.max(size.div_ceil(MOST_PARTS));
        let sent = match self.send_parts(key, id, source, part_bytes).await {
            Ok(parts) => self.complete(key, id, parts).await,
            Err(error) => Err(error),
        };
        if sent.is_err() {
            self.abort(key, id).await;
        }
        sent
    }

    async fn send_parts(
        &self,
        key: &str,
        id: &str,
        source: &mut Source<'_>,
        part_bytes: u64,
    ) -> Result<Vec<CompletedPart>, Error> {
        let mut sending = JoinSet::new();
        let mut parts = Vec::new();
        for number in 1.. {
            let content = source.next(part_bytes).await?;
            if content.is_empty() {
                break;
            }
            if sending.len() == PARALLEL {
                parts.push(joined(sending.join_next().await, key)?);
            }
            let (objects, key, id) = (self.clone(), key.to_owned(), id.to_owned());
            sending.spawn(async move { objects.send_part(&key, &id, number, content).await });
        }
        while let Some(part) = sending.join_next().await {
            parts.push(joined(Some(part), key)?);
        }
        parts.sort_by_key(CompletedPart::part_number);
        Ok(parts)
    }

    async fn send_part(
        &self,
        key: &str,
        id: &str,
        number: i32,
        content: Vec<u8>,
    ) -> Result<CompletedPart, Error> {
        let answer = self
            .client
            .upload_part()
            .bucket(&self.bucket)
            .key(key)
            .upload_id(id)
            .part_number(number)
            .body(ByteStream::from(content))
            .send()
            .await
            .map_err(Error::call("UploadPart", key))?;
        Ok(CompletedPart::builder()
            .part_number(number)
            .set_e_tag(answer.e_tag)
            .set_checksum_crc32(answer.checksum_crc32)
            .build())
    }

    async fn complete(&self, key: &str, id: &str, parts: Vec<CompletedPart>) -> Result<(), Error> {
        self.client
            .complete_multipart_upload()
            .bucket(&self.bucket)
            .key(key)
            .upload_id(id)
            .multipart_upload(
                CompletedMultipartUpload::builder()
                    .set_parts(Some(parts))
                    .build(),
            )
            .send()
            .await
            .map_err(Error::call("CompleteMultipartUpload", key))?;
        Ok(())
    }

    /// Best effort: parts that stay behind are removed by the bucket's lifecycle rule.
    async fn abort(&self, key: &str, id: &str) {
        let aborted = self
            .client
            .abort_multipart_upload()
            .bucket(&self.bucket)
            .key(key)
            .upload_id(id)
            .send()
            .await;
        if let Err(error) = aborted {
            tracing::warn!(key, %error, "cannot abort the multipart upload of {key}");
        }
    }
}

fn upload_id<'a>(upload: &'a CreateMultipartUploadOutput, key: &str) -> Result<&'a str, Error> {
    upload.upload_id().ok_or_else(|| Error::Refused {
        operation: "CreateMultipartUpload",
        key: key.to_owned(),
        reason: "no upload id in the answer".to_owned(),
    })
}

type Joined = Option<Result<Result<CompletedPart, Error>, tokio::task::JoinError>>;

fn joined(part: Joined, key: &str) -> Result<CompletedPart, Error> {
    let stopped = |reason: String| Error::Refused {
        operation: "UploadPart",
        key: key.to_owned(),
        reason,
    };
    match part {
        Some(Ok(part)) => part,
        Some(Err(error)) => Err(stopped(error.to_string())),
        None => Err(stopped("no part on its way".to_owned())),
    }
}

fn file_name(key: &str) -> &str {
    key.rsplit('/').next().unwrap_or(key)
}
