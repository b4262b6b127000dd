//! Deleting in batches.

use aws_sdk_s3::types::{Delete, ObjectIdentifier};

use crate::{Error, Objects};

/// The most keys S3 deletes in one call.
const BATCH: usize = 1000;

impl Objects {
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
