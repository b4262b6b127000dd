//! A worker's own program, started as it would be on a machine of its own.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result};
use tokio::process::{Child, Command};

use crate::{Deployment, built, credentials};

/// A running worker; it ends when this is dropped.
#[derive(Debug)]
pub struct Worker {
    _program: Child,
}

impl Worker {
    /// Starts `bed-packer` or `flow-solver` on the deployment's queues, with its work and log in `folder`.
    pub fn start(name: &str, deployment: &Deployment, folder: &Path) -> Result<Self> {
        let log = std::fs::File::create(folder.join(format!("{name}.log")))?;
        let program = built(name)?;
        let started = Command::new(&program)
            .env("DATABASE_URL", deployment.database_url())
            .env("AWS_ENDPOINT_URL", deployment.endpoint_url())
            .env("LEITO_BUCKET", deployment.output("Bucket")?)
            .env(
                "LEITO_PACKING_QUEUE_URL",
                deployment.output("PackingQueueUrl")?,
            )
            .env("LEITO_FLOW_QUEUE_URL", deployment.output("FlowQueueUrl")?)
            .env("LEITO_WORK_DIR", folder.join("work"))
            .envs(credentials())
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
