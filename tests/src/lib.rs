//! The deployed system on this machine: the template that goes to AWS, sent by `sam deploy` to the emulator, with
//! Postgres beside it. `./dev test` builds the functions first (`sam build`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use anyhow::{Context, Result, bail, ensure};
use embedded::emulator::{DEFAULT_REGION, Emulator, EmulatorSettings};
use serde::Deserialize;
use tokio::process::Command;

mod worker;

pub use worker::Worker;

/// What the emulator takes for credentials.
const KEY: &str = "test";
/// Signs the tokens of a stack that lives for one test.
const TOKEN_SECRET: &str = "the-secret-of-a-stack-for-one-test";

/// A stack in an emulator.
#[derive(Debug)]
pub struct Deployment {
    emulator: Emulator,
    outputs: BTreeMap<String, String>,
    database_url: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StackOutput {
    output_key: String,
    output_value: String,
}

impl Deployment {
    /// Starts an emulator with its state in `folder` and deploys what `sam build` made into it.
    pub async fn start(folder: &Path, database_url: &str) -> Result<Self> {
        let port = free_port()?;
        let emulator = Emulator::start(&EmulatorSettings {
            program: workspace().join(".leito/emulator/bin/ministack"),
            data: folder.to_owned(),
            port: Some(port),
            keep: false,
            env: functions_environment(port),
        })
        .await?;
        let mut deployment = Self {
            emulator,
            outputs: BTreeMap::new(),
            database_url: database_url.to_owned(),
        };
        deployment.deploy().await?;
        deployment.outputs = deployment.stack_outputs().await?;
        deployment.migrate().await?;
        Ok(deployment)
    }

    /// Where the emulator's services are.
    pub fn endpoint_url(&self) -> &str {
        self.emulator.endpoint_url()
    }

    /// The Postgres that the functions use.
    pub fn database_url(&self) -> &str {
        &self.database_url
    }

    /// An output of the template.
    pub fn output(&self, name: &str) -> Result<&str> {
        self.outputs
            .get(name)
            .map(String::as_str)
            .with_context(|| format!("the stack has no output {name}"))
    }

    /// Address of a path below the deployed API Gateway.
    pub fn url(&self, path: &str) -> Result<String> {
        let api = self.output("ApiId")?;
        Ok(format!(
            "{}/_aws/execute-api/{api}/$default/api/v1{path}",
            self.endpoint_url()
        ))
    }

    /// Runs a function of the stack, as `aws lambda invoke` does.
    pub async fn invoke(
        &self,
        function: &str,
        event: &serde_json::Value,
    ) -> Result<serde_json::Value> {
        let url = format!(
            "{}/2015-03-31/functions/{function}/invocations",
            self.endpoint_url()
        );
        let answer = reqwest::Client::new().post(url).json(event).send().await?;
        let failed = answer.headers().contains_key("x-amz-function-error");
        let body = answer.json().await?;
        ensure!(!failed, "{function} failed: {body}");
        Ok(body)
    }

    /// Ends the emulator and all functions in it.
    pub async fn stop(self) -> Result<()> {
        Ok(self.emulator.stop().await?)
    }

    async fn deploy(&self) -> Result<()> {
        let database = format!("DatabaseUrl={}", self.database_url);
        let secret = format!("TokenSecret={TOKEN_SECRET}");
        let overrides = [&database, &secret];
        let mut sam = self.sam("deploy");
        sam.args(["--config-env", "local", "--parameter-overrides"])
            .args(overrides);
        succeeded(&sam.output().await?)
    }

    async fn stack_outputs(&self) -> Result<BTreeMap<String, String>> {
        let mut sam = self.sam("list");
        let listed = sam
            .args(["stack-outputs", "--stack-name", "leito", "--output", "json"])
            .output()
            .await?;
        succeeded(&listed)?;
        let outputs: Vec<StackOutput> = serde_json::from_slice(&listed.stdout)?;
        Ok(outputs
            .into_iter()
            .map(|output| (output.output_key, output.output_value))
            .collect())
    }

    async fn migrate(&self) -> Result<()> {
        self.invoke(self.output("MigrateFunction")?, &serde_json::json!({}))
            .await?;
        Ok(())
    }

    fn sam(&self, command: &str) -> Command {
        let mut sam = Command::new(workspace().join(".leito/deploy-tools/bin/sam"));
        sam.arg(command)
            .current_dir(workspace())
            .env("AWS_ENDPOINT_URL", self.endpoint_url())
            .env("SAM_CLI_TELEMETRY", "0")
            .envs(credentials())
            .stdin(Stdio::null())
            .kill_on_drop(true);
        sam
    }
}

/// The repository's root.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A program of this workspace, beside the running test: `target/debug/<name>`.
pub fn built(name: &str) -> Result<PathBuf> {
    let test = std::env::current_exe()?;
    let folder = test
        .ancestors()
        .nth(2)
        .context("a test lives in target/debug/deps")?;
    Ok(folder.join(name))
}

/// What every AWS client here is given.
fn credentials() -> [(&'static str, &'static str); 4] {
    [
        ("AWS_ACCESS_KEY_ID", KEY),
        ("AWS_SECRET_ACCESS_KEY", KEY),
        ("AWS_REGION", DEFAULT_REGION),
        ("AWS_DEFAULT_REGION", DEFAULT_REGION), // the name that Python's tools know
    ]
}

/// The emulator hands its own environment to the functions it runs; through this they find it.
fn functions_environment(port: u16) -> Vec<(String, String)> {
    let mut variables = vec![(
        "AWS_ENDPOINT_URL".to_owned(),
        format!("http://127.0.0.1:{port}"),
    )];
    variables.extend(credentials().map(|(name, value)| (name.to_owned(), value.to_owned())));
    variables
}

fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?
        .local_addr()?
        .port())
}

fn succeeded(output: &Output) -> Result<()> {
    if output.status.success() {
        return Ok(());
    }
    let said = [&output.stdout[..], &output.stderr[..]].concat();
    bail!("{}:\n{}", output.status, String::from_utf8_lossy(&said))
}
