//! CloudFormation's side: what a custom resource's event says, and the answer that it waits for at an address in S3.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::Request;
use hyper::body::Bytes;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use rustls::crypto::aws_lc_rs;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::Error;
use crate::error::chain;

/// The resource never changes its identity, so that CloudFormation never replaces and deletes it.
const ID: &str = "database";
/// Of the 4096 bytes that an answer may have.
const LONGEST_REASON: usize = 1500;
const TELL_WITHIN: Duration = Duration::from_secs(20);

/// One step of a deployment.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Step {
    request_type: Kind,
    /// Where the answer goes; whoever knows it may answer.
    #[serde(rename = "ResponseURL")]
    pub response_url: String,
    stack_id: String,
    request_id: String,
    logical_resource_id: String,
    #[serde(default)]
    resource_properties: Properties,
    #[serde(default)]
    old_resource_properties: Properties,
}

#[derive(Debug, Deserialize, PartialEq, Eq)]
enum Kind {
    Create,
    Update,
    Delete,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Properties {
    /// The published version of this function, `arn:…:<number>`.
    program: Option<String>,
}

impl Properties {
    fn number(&self) -> Option<u64> {
        self.program.as_ref()?.rsplit(':').next()?.parse().ok()
    }
}

impl Step {
    /// Nothing when somebody else is calling.
    pub fn of(event: &Value) -> Result<Option<Self>, serde_json::Error> {
        match event.get("ResponseURL") {
            None => Ok(None),
            Some(_) => Self::deserialize(event).map(Some),
        }
    }

    /// A stack that goes takes no data with it. A deployment that failed further on is rolled back to a program that knows
    /// less than the database by now; it would refuse, and the programs of that time work with the newer tables anyway.
    pub fn leaves_the_database_alone(&self) -> bool {
        let before = self.old_resource_properties.number();
        let back = before.zip(self.resource_properties.number());
        self.request_type == Kind::Delete || back.is_some_and(|(before, now)| now < before)
    }

    /// What CloudFormation is told.
    pub fn answer(&self, outcome: &Result<Value, store::Error>) -> Value {
        let mut answer = json!({
            "Status": "SUCCESS",
            "PhysicalResourceId": ID,
            "StackId": self.stack_id,
            "RequestId": self.request_id,
            "LogicalResourceId": self.logical_resource_id,
        });
        match outcome {
            Ok(done) => answer["Data"] = done.clone(),
            Err(error) => {
                answer["Status"] = "FAILED".into();
                answer["Reason"] = chain(error)
                    .chars()
                    .take(LONGEST_REASON)
                    .collect::<String>()
                    .into();
            }
        }
        answer
    }
}

/// Puts the answer at the address. It is signed as it is: no header may be added that says more about the content.
pub async fn tell(url: &str, answer: &Value) -> Result<(), Error> {
    let untold = |error| Error::Untold(error);
    let sent = timeout(TELL_WITHIN, put(url, answer.to_string())).await;
    sent.map_err(|late| untold(late.into()))?.map_err(untold)
}

async fn put(url: &str, body: String) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let connector = HttpsConnectorBuilder::new()
        .with_provider_and_native_roots(Arc::new(aws_lc_rs::default_provider()))?
        .https_or_http()
        .enable_http1()
        .build();
    let client = Client::builder(TokioExecutor::new()).build::<_, Full<Bytes>>(connector);
    let request = Request::put(url).body(Full::from(body))?;
    let status = client.request(request).await?.status();
    if status.is_success() {
        Ok(())
    } else {
        Err(format!("the address answered {status}").into())
    }
}
