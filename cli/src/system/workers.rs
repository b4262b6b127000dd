//! The workers, as they run apart in the cloud.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use bed_packer::BedPacker;
use clap::ValueEnum;
use flow_solver::FlowSolver;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use worker::{Handler, Settings, Worker};

use super::parts::Shared;

/// Which of them run in this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Workers {
    /// None: they run elsewhere
    None,
    /// The one that packs, with Blender
    Packing,
    /// The one that computes flows, with OpenFOAM
    Flow,
    /// Both
    All,
}

/// Starts them on folders below `work`; they give back what they have when `stop` fires.
pub fn spawn(
    tasks: &mut JoinSet<Result<()>>,
    shared: &Shared,
    which: Workers,
    work: &Path,
    stop: &CancellationToken,
) {
    let ids = || Arc::clone(&shared.app.ids);
    if matches!(which, Workers::Packing | Workers::All) {
        let packer = BedPacker::new(ids());
        tasks.spawn(run(packer, shared, &work.join("packing"), stop));
    }
    if matches!(which, Workers::Flow | Workers::All) {
        let solver = FlowSolver::new(shared.app.store.clone(), ids());
        tasks.spawn(run(solver, shared, &work.join("flow"), stop));
    }
}

fn run<H: Handler>(
    handler: H,
    shared: &Shared,
    work: &Path,
    stop: &CancellationToken,
) -> impl Future<Output = Result<()>> + Send + 'static {
    let worker = Worker::new(shared.parts(), handler, Settings::new(work, shared.cores));
    let stop = stop.clone();
    async move {
        worker.run(stop).await;
        Ok(())
    }
}
