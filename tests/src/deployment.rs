//! A stack in an emulator that enforces its policies: each function runs under its own role, and a call that no policy
//! allows is refused.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, bail, ensure};
use embedded::emulator::{Emulator, EmulatorSettings};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::calls::{self, Call, Outcome};
use crate::front::{Front, Serving};
use crate::{credentials, workspace};

const STACK: &str = "leito";

/// A stack in an emulator.
#[derive(Debug)]
pub struct Deployment {
    emulator: Emulator,
    front_url: String,
    _front: Serving,
    database_url: String,
    outputs: BTreeMap<String, String>,
    resources: BTreeMap<String, String>,
}

impl Deployment {
    /// Starts an emulator with its state in `folder` and deploys what `sam build` made into it, which migrates the database.
    pub async fn start(folder: &Path, database_url: &str) -> Result<Self> {
        let front = Front::bind().await?;
        let front_url = front.url();
        let emulator = Emulator::start(&EmulatorSettings {
            program: workspace().join(".leito/emulator/bin/ministack"),
            data: folder.to_owned(),
            port: None,
            keep: false,
            env: environment(&front_url),
        })
        .await?;
        let behind = emulator.endpoint_url().trim_start_matches("http://");
        let front = front.serve(behind.parse()?);
        let mut deployment = Self {
            emulator,
            front_url,
            _front: front,
            database_url: database_url.to_owned(),
            outputs: BTreeMap::new(),
            resources: BTreeMap::new(),
        };
        deployment.deploy(&[]).await?;
        Ok(deployment)
    }

    /// Deploys the template with these parameters besides those it cannot do without; gives what `sam` said.
    pub async fn deploy(&mut self, parameters: &[&str]) -> Result<String> {
        let database = format!("DatabaseUrl={}", self.database_url);
        let apis = format!("ExecuteApi={}/_aws/execute-api", self.front_url);
        let mut sam = self.sam("deploy");
        sam.args(["--config-env", "local", "--no-fail-on-empty-changeset"])
            .args(["--parameter-overrides", &database, &apis])
            .args(parameters);
        let said = succeeded(&mut sam).await?;
        self.learn().await?;
        Ok(said)
    }

    /// Deletes the stack and waits until it is gone. `sam delete` does the same and then removes what it uploaded, but
    /// cannot read an emulator's addresses of the templates inside.
    pub async fn delete(&self) -> Result<()> {
        let of = json!({ "StackName": STACK });
        let delete = Call::new("cloudformation", "delete_stack", of.clone());
        self.call(delete).await?;
        let show = [Call::new("cloudformation", "describe_stacks", of)];
        while let Some(Outcome::Done { answer }) = self.calls(&show).await?.pop() {
            let status = &answer["Stacks"][0]["StackStatus"];
            ensure!(status != "DELETE_FAILED", "{answer}");
        }
        Ok(())
    }

    /// Where the emulator's services are, for programs that come over TLS: see [`crate::front`].
    pub fn endpoint_url(&self) -> &str {
        &self.front_url
    }

    /// The Postgres that the functions use.
    pub fn database_url(&self) -> &str {
        &self.database_url
    }

    /// An output of the template.
    pub fn output(&self, name: &str) -> Result<&str> {
        let found = self.outputs.get(name).map(String::as_str);
        found.with_context(|| format!("the stack has no output {name}"))
    }

    /// What AWS calls a resource of the template.
    pub fn resource(&self, name: &str) -> Result<&str> {
        let found = self.resources.get(name).map(String::as_str);
        found.with_context(|| format!("the stack has no resource {name}"))
    }

    /// The names of the template's resources.
    pub fn resources(&self) -> impl Iterator<Item = &str> {
        self.resources.keys().map(String::as_str)
    }

    /// Address of a path at the deployed API Gateway.
    pub fn url(&self, path: &str) -> Result<String> {
        let (emulator, api) = (self.emulator.endpoint_url(), self.output("ApiId")?);
        Ok(format!("{emulator}/_aws/execute-api/{api}/$default{path}"))
    }

    /// A call of AWS that has to succeed.
    pub async fn call(&self, call: Call) -> Result<Value> {
        let outcome = self.calls(&[call]).await?.pop();
        outcome.context("a call has an outcome")?.answer()
    }

    /// Calls of AWS, over TLS.
    pub async fn calls(&self, calls: &[Call]) -> Result<Vec<Outcome>> {
        calls::make(calls, &self.front_url, self.output("LiveEndpoint").ok()).await
    }

    /// The same without TLS.
    pub async fn calls_in_the_clear(&self, calls: &[Call]) -> Result<Vec<Outcome>> {
        calls::make(calls, self.emulator.endpoint_url(), None).await
    }

    /// Ends the emulator and all functions in it.
    pub async fn stop(self) -> Result<()> {
        Ok(self.emulator.stop().await?)
    }

    /// What the stack's resources and outputs are called now.
    async fn learn(&mut self) -> Result<()> {
        let named =
            |operation| Call::new("cloudformation", operation, json!({ "StackName": STACK }));
        let stack = self.call(named("describe_stacks")).await?;
        let outputs = &stack["Stacks"][0]["Outputs"];
        self.outputs = names(outputs, "OutputKey", "OutputValue");
        let resources = self.call(named("describe_stack_resources")).await?;
        let resources = &resources["StackResources"];
        self.resources = names(resources, "LogicalResourceId", "PhysicalResourceId");
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

/// Policies are enforced, as AWS understands them. What the emulator is told it hands to the functions it runs, too; through
/// this they find it.
fn environment(front_url: &str) -> Vec<(String, String)> {
    let rules = workspace().join("tests/src/emulator");
    let fixed = [
        ("AUTH", "true"),
        ("AWS_ENDPOINT_URL", front_url),
        ("PYTHONPATH", &rules.to_string_lossy()),
    ];
    let all = fixed.into_iter().chain(credentials());
    all.map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn names(list: &Value, key: &str, value: &str) -> BTreeMap<String, String> {
    let all = list.as_array().into_iter().flatten();
    all.filter_map(|one| {
        Some((
            one[key].as_str()?.to_owned(),
            one[value].as_str()?.to_owned(),
        ))
    })
    .collect()
}

async fn succeeded(command: &mut Command) -> Result<String> {
    let output = command.output().await?;
    let said = [&output.stdout[..], &output.stderr[..]].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    if !output.status.success() {
        bail!("{}:\n{said}", output.status);
    }
    Ok(said)
}
