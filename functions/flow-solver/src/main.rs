//! Entry point of the flow worker: works until it is told to stop.

use std::sync::Arc;

use flow_solver::FlowSolver;
use runtime::{Settings, telemetry};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let settings = Settings::from_env()?;
    telemetry::init(&settings)?;
    stages::serve(&settings, |parts| {
        FlowSolver::new(parts.store.clone(), Arc::clone(&parts.ids))
    })
    .await?;
    Ok(())
}
