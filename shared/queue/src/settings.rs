//! Where SQS is and how patient we are with it.

use std::fmt;
use std::time::Duration;

use aws::Endpoint;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::timeout::TimeoutConfig;

/// One attempt of a call; longer than the longest long poll (20 s).
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);

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

/// How to reach SQS.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where it is.
    pub endpoint: Endpoint,
    /// The queue of packing jobs.
    pub packing: Name,
    /// The queue of flow jobs.
    pub flow: Name,
}

impl Settings {
    pub(crate) async fn client(&self) -> Client {
        let timeouts = TimeoutConfig::builder().operation_attempt_timeout(ATTEMPT_TIMEOUT);
        Client::new(&self.endpoint.load(timeouts).await)
    }
}
