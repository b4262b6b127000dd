//! Where S3 is and how patient we are with it.

use std::time::Duration;

use aws::Endpoint;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::timeout::TimeoutConfig;

/// S3 refuses smaller parts, except the last one.
pub(crate) const SMALLEST_PART_BYTES: u64 = 5 * 1024 * 1024;
/// First byte of an answer. A stalled body is noticed by the SDK's own stalled-stream protection.
const READ_TIMEOUT: Duration = Duration::from_mins(1);

/// How to reach the bucket.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where S3 is.
    pub endpoint: Endpoint,
    /// The one bucket.
    pub bucket: String,
    /// Files above this size go in parts of this size; so much of a file is in memory at once, a few times.
    pub part_bytes: u64,
}

impl Settings {
    /// A bucket reached through the standard AWS environment, in parts of 8 MiB.
    pub fn new(bucket: impl Into<String>) -> Self {
        Self {
            endpoint: Endpoint::default(),
            bucket: bucket.into(),
            part_bytes: 8 * 1024 * 1024,
        }
    }

    pub(crate) async fn client(&self) -> Client {
        let timeouts = TimeoutConfig::builder().read_timeout(READ_TIMEOUT);
        let shared = self.endpoint.load(timeouts).await;
        // Buckets are host names only on AWS itself; every other store takes them in the path.
        let elsewhere = shared.endpoint_url().is_some();
        let config = aws_sdk_s3::config::Builder::from(&shared)
            .force_path_style(elsewhere)
            .build();
        Client::from_conf(config)
    }
}
