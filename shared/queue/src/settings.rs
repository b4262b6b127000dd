//! Where SQS is and how patient we are with it.

use std::fmt;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region};
use aws_sdk_sqs::Client;

/// One attempt of a call; longer than the longest long poll (20 s).
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const ATTEMPTS: u32 = 4;

/// One queue, by its URL.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name(String);

impl Name {
    /// Takes the queue's URL as SQS reports it.
    pub fn new(url: impl Into<String>) -> Self {
        Self(url.into())
    }

    /// The queue's URL.
    pub fn url(&self) -> &str {
        &self.0
    }

    /// The last part of the URL: `leito-packing`.
    pub fn short(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.short())
    }
}

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

/// How to reach SQS. What is `None` comes from the standard AWS environment.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `http://127.0.0.1:4566` for an emulator.
    pub endpoint_url: Option<String>,
    /// AWS region.
    pub region: Option<String>,
    /// Fixed credentials instead of the standard chain.
    pub credentials: Option<Credentials>,
    /// The queue of packing jobs.
    pub packing: Name,
    /// The queue of flow jobs.
    pub flow: Name,
}

impl Settings {
    pub(crate) async fn client(&self) -> Client {
        let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(CONNECT_TIMEOUT)
                    .operation_attempt_timeout(ATTEMPT_TIMEOUT)
                    .build(),
            );
        if let Some(region) = &self.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(endpoint) = &self.endpoint_url {
            loader = loader.endpoint_url(endpoint);
        }
        if let Some(keys) = &self.credentials {
            loader = loader.credentials_provider(aws_sdk_sqs::config::Credentials::new(
                &keys.access_key,
                &keys.secret_key,
                None,
                None,
                "settings",
            ));
        }
        Client::new(&loader.load().await)
    }
}
