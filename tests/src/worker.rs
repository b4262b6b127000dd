//! A worker's own program, started as it would be on a machine of its own, with the rights that the template gives it.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tokio::process::{Child, Command};

use crate::{Call, Deployment, REGION, built};

/// A running worker; it ends when this is dropped.
#[derive(Debug)]
pub struct Worker {
    _program: Child,
}

impl Worker {
    /// Starts `bed-packer` or `flow-solver` on the deployment's queues, with its work and log in `folder`.
    pub async fn start(name: &str, deployment: &Deployment, folder: &Path) -> Result<Self> {
        let role = role_of(name, deployment).await?;
        let log = std::fs::File::create(folder.join(format!("{name}.log")))?;
        let program = built(name)?;
        let started = Command::new(&program)
            .env("DATABASE_URL", deployment.database_url())
            .env("AWS_ENDPOINT_URL", deployment.endpoint_url())
            .env("AWS_REGION", REGION)
            .envs(keys_of(&role, deployment).await?)
            .env("LEITO_BUCKET", deployment.output("Bucket")?)
            .env(
                "LEITO_PACKING_QUEUE_URL",
                deployment.output("PackingQueueUrl")?,
            )
            .env("LEITO_FLOW_QUEUE_URL", deployment.output("FlowQueueUrl")?)
            .env("LEITO_LIVE_ENDPOINT", deployment.output("LiveEndpoint")?)
            .env("LEITO_WORK_DIR", folder.join("work"))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| {
                format!("{} is not there: cargo build -p {name}", program.display())
            })?;
        Ok(Self { _program: started })
    }
}

/// The ARN of a role for the worker: a machine's, with the template's policy for this worker and nothing else.
pub async fn role_of(name: &str, deployment: &Deployment) -> Result<String> {
    let policy = match name {
        "bed-packer" => "BedPackerPolicy",
        _ => "FlowSolverPolicy",
    };
    let trust = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": "ec2.amazonaws.com" },
            "Action": "sts:AssumeRole",
        }],
    });
    let role = json!({ "RoleName": name, "AssumeRolePolicyDocument": trust.to_string() });
    let made = deployment
        .call(Call::new("iam", "create_role", role))
        .await?;
    let policy = json!({ "RoleName": name, "PolicyArn": deployment.resource(policy)? });
    deployment
        .call(Call::new("iam", "attach_role_policy", policy))
        .await?;
    let arn = made["Role"]["Arn"].as_str().context("a role has an ARN")?;
    Ok(arn.to_owned())
}

/// The variables that hold the keys of a role that was taken on.
async fn keys_of(role: &str, deployment: &Deployment) -> Result<[(&'static str, String); 3]> {
    let taken = json!({ "RoleArn": role, "RoleSessionName": "worker" });
    let answer = deployment
        .call(Call::new("sts", "assume_role", taken))
        .await?;
    let key = |name: &str| text(&answer["Credentials"], name);
    Ok([
        ("AWS_ACCESS_KEY_ID", key("AccessKeyId")?),
        ("AWS_SECRET_ACCESS_KEY", key("SecretAccessKey")?),
        ("AWS_SESSION_TOKEN", key("SessionToken")?),
    ])
}

fn text(of: &Value, name: &str) -> Result<String> {
    let value = of[name].as_str().context("keys are text")?;
    Ok(value.to_owned())
}
