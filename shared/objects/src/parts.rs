//! Objects in parts: sent by us, or by somebody who was given addresses to send them to.

use std::time::Duration;

use aws_sdk_s3::operation::create_multipart_upload::CreateMultipartUploadOutput;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, CompletedMultipartUpload, CompletedPart};
use tokio::io::AsyncRead;
use tokio::task::JoinSet;

use crate::upload::Source;
use crate::{Error, Objects};

/// S3 takes at most ten thousand parts.
pub const MOST_PARTS: u64 = 10_000;
/// Parts on their way at once; each is in memory.
const PARALLEL: usize = 3;

/// A part that the store has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// From 1.
    pub number: u32,
    /// Size.
    pub bytes: u64,
    /// The store's entity tag, quotes included.
    pub etag: String,
}

impl Objects {
    /// Begins an object that others send in parts; gives the store's name for it.
    pub async fn begin_parts(&self, key: &str, content_type: &str) -> Result<String, Error> {
        self.begin(key, content_type, None).await
    }

    /// Whoever names the parts' checksums at the end has to say so at the beginning: S3 takes them for other parts otherwise.
    async fn begin(
        &self,
        key: &str,
        content_type: &str,
        checksums: Option<ChecksumAlgorithm>,
    ) -> Result<String, Error> {
        let upload = self
            .client
            .create_multipart_upload()
            .bucket(&self.bucket)
            .key(key)
            .content_type(content_type)
            .set_checksum_algorithm(checksums)
            .send()
            .await
            .map_err(Error::call("CreateMultipartUpload", key))?;
        upload_id(&upload, key)
    }

    /// An address that takes the part of that number and exactly that size by `PUT`, for `ttl`.
    pub async fn presign_part(
        &self,
        key: &str,
        id: &str,
        number: u32,
        bytes: u64,
        ttl: Duration,
    ) -> Result<String, Error> {
        let refused = |reason: String| Error::Refused {
            operation: "UploadPart",
            key: key.to_owned(),
            reason,
        };
        let config = PresigningConfig::expires_in(ttl).map_err(|e| refused(e.to_string()))?;
        let request = self
            .client
            .upload_part()
            .bucket(&self.bucket)
            .key(key)
            .upload_id(id)
            .part_number(i32::try_from(number).map_err(|e| refused(e.to_string()))?)
            .content_length(i64::try_from(bytes).map_err(|e| refused(e.to_string()))?)
            .presigned(config)
            .await
            .map_err(Error::call("UploadPart", key))?;
        Ok(request.uri().to_owned())
    }

    /// The parts that arrived, by number; `None` when the upload was ended, one way or the other.
    pub async fn list_parts(&self, key: &str, id: &str) -> Result<Option<Vec<Part>>, Error> {
        let (mut parts, mut after) = (Vec::new(), None);
        loop {
            let asked = self
                .client
                .list_parts()
                .bucket(&self.bucket)
                .key(key)
                .upload_id(id)
                .set_part_number_marker(after)
                .send()
                .await
                .map_err(Error::call("ListParts", key));
            let page = match asked {
                Err(error) if error.is_missing() => return Ok(None),
                asked => asked?,
            };
            parts.extend(page.parts().iter().filter_map(part));
            match page.next_part_number_marker {
                Some(next) if page.is_truncated == Some(true) => after = Some(next),
                _ => break,
            }
        }
        parts.sort_by_key(|part: &Part| part.number);
        Ok(Some(parts))
    }

    /// Makes the object of its parts.
    pub async fn join_parts(&self, key: &str, id: &str, parts: &[Part]) -> Result<(), Error> {
        let parts = parts.iter().map(|part| {
            CompletedPart::builder()
                .set_part_number(i32::try_from(part.number).ok())
                .e_tag(&part.etag)
                .build()
        });
        self.complete(key, id, parts.collect()).await
    }

    /// Gives the parts up; an upload that was ended before is no error.
    pub async fn drop_parts(&self, key: &str, id: &str) -> Result<(), Error> {
        let aborted = self
            .client
            .abort_multipart_upload()
            .bucket(&self.bucket)
            .key(key)
            .upload_id(id)
            .send()
            .await
            .map_err(Error::call("AbortMultipartUpload", key));
        match aborted {
            Err(error) if !error.is_missing() => Err(error),
            _ => Ok(()),
        }
    }

    pub(crate) async fn put_parts<R: AsyncRead + Unpin>(
        &self,
        key: &str,
        content_type: &str,
        source: &mut Source<'_, R>,
        size: u64,
    ) -> Result<(), Error> {
        let checksums = Some(ChecksumAlgorithm::Crc32);
        let id = self.begin(key, content_type, checksums).await?;
        let part_bytes = self.part_bytes.max(size.div_ceil(MOST_PARTS));
        let sent = match self.send_parts(key, &id, source, part_bytes).await {
            Ok(parts) => self.complete(key, &id, parts).await,
            Err(error) => Err(error),
        };
        if sent.is_err() {
            // Best effort: parts that stay behind are removed by the bucket's lifecycle rule.
            if let Err(error) = self.drop_parts(key, &id).await {
                tracing::warn!(key, %error, "cannot abort the multipart upload of {key}");
            }
        }
        sent
    }

    async fn send_parts<R: AsyncRead + Unpin>(
        &self,
        key: &str,
        id: &str,
        source: &mut Source<'_, R>,
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
}

fn part(listed: &aws_sdk_s3::types::Part) -> Option<Part> {
    Some(Part {
        number: u32::try_from(listed.part_number?).ok()?,
        bytes: u64::try_from(listed.size?).ok()?,
        etag: listed.e_tag.clone()?,
    })
}

fn upload_id(upload: &CreateMultipartUploadOutput, key: &str) -> Result<String, Error> {
    let id = upload.upload_id().ok_or_else(|| Error::Refused {
        operation: "CreateMultipartUpload",
        key: key.to_owned(),
        reason: "no upload id in the answer".to_owned(),
    })?;
    Ok(id.to_owned())
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
