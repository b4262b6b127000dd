//! Where S3 is and how patient we are with it.

use std::fmt;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region};
use aws_sdk_s3::Client;

/// S3 refuses smaller parts, except the last one.
pub(crate) const SMALLEST_PART_BYTES: u64 = 5 * 1024 * 1024;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// First byte of an answer. A stalled body is noticed by the SDK's own stalled-stream protection.
const READ_TIMEOUT: Duration = Duration::from_mins(1);
const ATTEMPTS: u32 = 4;

/// A fixed key pair, for emulators. Real credentials come from the standard AWS chain.
#[derive(Clone)]
pub struct Credentials {
    /// Access key id.
    pub access_key: String,
    /// Secret access key.
    pub secret_key: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credentials({})", self.access_key)
    }
}

/// How to reach the bucket. What is `None` comes from the standard AWS environment.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `http://127.0.0.1:4566` for an emulator.
    pub endpoint_url: Option<String>,
    /// AWS region.
    pub region: Option<String>,
    /// Fixed credentials instead of the standard chain.
    pub credentials: Option<Credentials>,
    /// The one bucket.
    pub bucket: String,
    /// Files above this size go in parts of this size; so much of a file is in memory at once, a few times.
    pub part_bytes: u64,
}

impl Settings {
    /// A bucket reached through the standard AWS environment, in parts of 8 MiB.
    pub fn new(bucket: impl Into<String>) -> Self {
        Self {
            endpoint_url: None,
            region: None,
            credentials: None,
            bucket: bucket.into(),
            part_bytes: 8 * 1024 * 1024,
        }
    }

    pub(crate) async fn client(&self) -> Client {
        let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(CONNECT_TIMEOUT)
                    .read_timeout(READ_TIMEOUT)
                    .build(),
            );
        if let Some(region) = &self.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(endpoint) = &self.endpoint_url {
            loader = loader.endpoint_url(endpoint);
        }
        if let Some(keys) = &self.credentials {
            loader = loader.credentials_provider(aws_sdk_s3::config::Credentials::new(
                &keys.access_key,
                &keys.secret_key,
                None,
                None,
                "settings",
            ));
        }
        let shared = loader.load().await;
        // Buckets are host names only on AWS itself; every other store takes them in the path.
        let elsewhere = shared.endpoint_url().is_some();
        let config = aws_sdk_s3::config::Builder::from(&shared)
            .force_path_style(elsewhere)
            .build();
        Client::from_conf(config)
    }
}
