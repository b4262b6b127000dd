//! Where SQS and S3 are: AWS itself, or whatever speaks their language at another address. Makes no calls.

use std::fmt;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfigBuilder;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;

/// The region that an emulator plays.
pub const EMULATOR_REGION: &str = "us-east-1";
/// An emulator takes any key pair.
const EMULATOR_KEY: &str = "test";

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const ATTEMPTS: u32 = 4;

/// How to reach the services. What is `None` comes from the standard AWS environment.
#[derive(Clone, Default)]
pub struct Endpoint {
    /// `http://127.0.0.1:4566` for an emulator.
    pub url: Option<String>,
    /// AWS region.
    pub region: Option<String>,
    /// A word that serves as both keys, for emulators. Real credentials come from the standard AWS chain.
    pub key: Option<String>,
}

impl Endpoint {
    /// An emulator at this address.
    pub fn emulator(url: impl Into<String>) -> Self {
        Self {
            url: Some(url.into()),
            region: Some(EMULATOR_REGION.to_owned()),
            key: Some(EMULATOR_KEY.to_owned()),
        }
    }

    /// What a client is made of. `timeouts` are those of its own calls; connecting takes 3 s at most, a call has four
    /// attempts.
    pub async fn load(&self, timeouts: TimeoutConfigBuilder) -> SdkConfig {
        let timeouts = timeouts.connect_timeout(CONNECT_TIMEOUT);
        let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
            .timeout_config(timeouts.build());
        if let Some(region) = &self.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(url) = &self.url {
            loader = loader.endpoint_url(url);
        }
        if let Some(key) = &self.key {
            loader =
                loader.credentials_provider(Credentials::new(key, key, None, None, "settings"));
        }
        loader.load().await
    }
}

/// Without the key.
impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("url", &self.url)
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}
