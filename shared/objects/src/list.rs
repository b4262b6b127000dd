//! Listing page by page and deleting in batches.

use aws_sdk_s3::types::{Delete, Object, ObjectIdentifier};
use jiff::Timestamp;

use crate::download::timestamp;
use crate::{Error, Objects};

/// The most keys S3 deletes in one call.
const BATCH: usize = 1000;

/// One object of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Key in the bucket.
    pub key: String,
    /// Size.
    pub bytes: u64,
    /// When it was put.
    pub modified: Option<Timestamp>,
}

/// Some objects, in the order of their keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The objects.
    pub objects: Vec<Listed>,
    /// What to ask the next page with; `None` on the last page.
    pub next: Option<String>,
}

impl Objects {
    /// A page of at most `limit` (up to a thousand) objects whose key starts with `prefix`; `page` is a former
    /// page's `next`.
    pub async fn list(
        &self,
        prefix: &str,
        page: Option<String>,
        limit: u16,
    ) -> Result<Page, Error> {
        let answer = self
            .client
            .list_objects_v2()
            .bucket(&self.bucket)
            .prefix(prefix)
            .set_continuation_token(page)
            .max_keys(i32::from(limit))
            .send()
            .await
            .map_err(Error::call("ListObjectsV2", prefix))?;
        Ok(Page {
            objects: answer
                .contents
                .unwrap_or_default()
                .into_iter()
                .filter_map(listed)
                .collect(),
            next: answer.next_continuation_token,
        })
    }

    /// Deletes objects; absent ones are no error. Fails with the first key that the store kept.
    pub async fn delete(&self, keys: &[String]) -> Result<(), Error> {
        for batch in keys.chunks(BATCH) {
            let first = batch.first().map_or("", String::as_str);
            let answer = self
                .client
                .delete_objects()
                .bucket(&self.bucket)
                .delete(request(batch, first)?)
                .send()
                .await
                .map_err(Error::call("DeleteObjects", first))?;
            if let Some(kept) = answer.errors().first() {
                let reason = kept
                    .message()
                    .or(kept.code())
                    .unwrap_or_default()
                    .to_owned();
                return Err(refused(kept.key().unwrap_or(first), reason));
            }
        }
        Ok(())
    }
}

fn request(keys: &[String], first: &str) -> Result<Delete, Error> {
    let objects = keys
        .iter()
        .map(|key| ObjectIdentifier::builder().key(key).build())
        .collect::<Result<Vec<_>, _>>()
        .and_then(|all| Delete::builder().set_objects(Some(all)).quiet(true).build());
    objects.map_err(|error| refused(first, error.to_string()))
}

fn refused(key: &str, reason: String) -> Error {
    Error::Refused {
        operation: "DeleteObjects",
        key: key.to_owned(),
        reason,
    }
}

fn listed(object: Object) -> Option<Listed> {
    Some(Listed {
        bytes: object
            .size
            .and_then(|size| u64::try_from(size).ok())
            .unwrap_or_default(),
        modified: object.last_modified.as_ref().and_then(timestamp),
        key: object.key?,
    })
}
