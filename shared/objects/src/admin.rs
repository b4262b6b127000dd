//! Making the bucket. In the cloud the template makes it; on one machine and in tests this does.

use aws_sdk_s3::operation::create_bucket::CreateBucketError;

use crate::{Error, Objects};

impl Objects {
    /// Makes the bucket unless it is there already.
    pub async fn ensure_bucket(&self) -> Result<(), Error> {
        let made = self
            .client
            .create_bucket()
            .bucket(&self.bucket)
            .send()
            .await;
        match made {
            Ok(_) => Ok(()),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(CreateBucketError::is_bucket_already_owned_by_you) =>
            {
                Ok(())
            }
            Err(error) => Err(Error::call("CreateBucket", &self.bucket)(error)),
        }
    }
}
