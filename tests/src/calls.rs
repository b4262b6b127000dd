//! Calls of AWS as the account itself or under a role, through the Python SDK that came with `sam`: the SDK for Rust has
//! its home in the crates `queue` and `objects`, which know no more operations than Leito needs.

use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::{credentials, workspace};

const PROGRAM: &str = include_str!("calls.py");

/// A call: `Call::new("sqs", "send_message", json!({ … }))`, with the names of Python's SDK.
#[derive(Clone, Debug, Serialize)]
pub struct Call {
    role: Option<String>,
    service: &'static str,
    operation: &'static str,
    parameters: Value,
}

/// What came of a call.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Outcome {
    /// It was carried out.
    Done {
        /// What AWS answered.
        answer: Value,
    },
    /// It was not.
    Refused {
        /// AWS's word for why.
        refused: String,
        /// The same for people.
        message: String,
    },
}

impl Call {
    /// A call by the account itself.
    pub fn new(service: &'static str, operation: &'static str, parameters: Value) -> Self {
        Self {
            role: None,
            service,
            operation,
            parameters,
        }
    }

    /// The same under a role, named by its ARN.
    #[must_use]
    pub fn under(mut self, role: &str) -> Self {
        self.role = Some(role.to_owned());
        self
    }
}

impl Outcome {
    /// The answer, or an error that says why there is none.
    pub fn answer(self) -> Result<Value> {
        match self {
            Self::Done { answer } => Ok(answer),
            Self::Refused { message, .. } => Err(anyhow::Error::msg(message)),
        }
    }

    /// Whether a policy forbade it. That something is missing is no such refusal: it was looked for.
    pub fn is_denied(&self) -> bool {
        matches!(self, Self::Refused { refused, .. }
            if ["AccessDenied", "AccessDeniedException"].contains(&refused.as_str()))
    }
}

/// Makes the calls one after the other and gives what came of each.
///
/// `live` is where WebSockets are written to, once there is such a place.
pub(crate) async fn make(
    calls: &[Call],
    endpoint_url: &str,
    live: Option<&str>,
) -> Result<Vec<Outcome>> {
    let mut program = Command::new(workspace().join(".leito/deploy-tools/bin/python"))
        .args(["-c", PROGRAM])
        .env("AWS_ENDPOINT_URL", endpoint_url)
        .envs(live.map(|url| ("AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI", url)))
        .envs(credentials())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let mut stdin = program.stdin.take().context("it has a standard input")?;
    stdin.write_all(&serde_json::to_vec(calls)?).await?;
    drop(stdin);
    let output = program.wait_with_output().await?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{}:\n{said}", output.status);
    Ok(serde_json::from_slice(&output.stdout)?)
}
