//! The connections of a WebSocket API of API Gateway, through its management API.

use std::time::Duration;

use async_trait::async_trait;
use aws::Endpoint;
use aws_sdk_apigatewaymanagement::Client;
use aws_sdk_apigatewaymanagement::config::Builder;
use aws_sdk_apigatewaymanagement::config::retry::RetryConfig;
use aws_sdk_apigatewaymanagement::config::timeout::TimeoutConfig;
use aws_sdk_apigatewaymanagement::error::DisplayErrorContext;
use aws_sdk_apigatewaymanagement::primitives::Blob;
use tokio::sync::OnceCell;

use crate::{NotSent, Push};

/// The locks on the connections are held meanwhile.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(3);

/// Posts to the connections of one API's stage.
pub struct ApiGateway {
    endpoint: String,
    /// Made when it is first needed: most requests tell nobody anything.
    client: OnceCell<Client>,
}

impl ApiGateway {
    /// The stage with this address, `https://<api>.execute-api.<region>.amazonaws.com/<stage>`.
    pub fn at(endpoint: impl Into<String>) -> Self {
        Self {
            endpoint: endpoint.into(),
            client: OnceCell::new(),
        }
    }

    async fn client(&self) -> &Client {
        let make = async || {
            let endpoint = Endpoint {
                url: Some(self.endpoint.clone()),
                ..Endpoint::default()
            };
            let timeouts = TimeoutConfig::builder().operation_attempt_timeout(ATTEMPT_TIMEOUT);
            let config = endpoint.load(timeouts).await;
            // A repeated post may be a second message; the store knows what was sent, and the next round sends the rest.
            let config = Builder::from(&config).retry_config(RetryConfig::disabled());
            Client::from_conf(config.build())
        };
        self.client.get_or_init(make).await
    }
}

#[async_trait]
impl Push for ApiGateway {
    fn gateway(&self) -> &str {
        &self.endpoint
    }

    async fn post(&self, connection_id: &str, text: String) -> Result<(), NotSent> {
        let post = self.client().await.post_to_connection();
        let sent = post
            .connection_id(connection_id)
            .data(Blob::new(text))
            .send()
            .await;
        sent.map(drop)
            .map_err(|error| match error.as_service_error() {
                Some(refusal) if refusal.is_gone_exception() => NotSent::Gone,
                _ => NotSent::Failed(DisplayErrorContext(&error).to_string()),
            })
    }
}
