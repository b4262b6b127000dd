//! What EventBridge and the dead-letter queues start in the cloud, on timers of this process.

use std::time::Duration;

use anyhow::Result;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use worker::Parts;

use super::parts::Shared;

/// How often work without a message or a worker, and dead letters, are looked for. The cloud's schedule is a minute;
/// here nobody pays for a look, and a person waits.
const EVERY: Duration = Duration::from_secs(10);
/// A queued job without news for so long gets a new message.
const SILENCE: Duration = Duration::from_mins(1);

/// Starts the schedules; they end with `stop`.
pub fn spawn(tasks: &mut JoinSet<Result<()>>, shared: &Shared, stop: &CancellationToken) {
    tasks.spawn(look_after(shared.parts(), stop.clone()));
}

async fn look_after(parts: Parts, stop: CancellationToken) -> Result<()> {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = stop.cancelled() => return Ok(()),
        }
        if let Err(error) = worker::sweep(&parts.store, &parts.queue, SILENCE).await {
            tracing::warn!(%error, "the sweep failed and is tried again");
        }
        if let Err(error) = dead_letters::drain(&parts).await {
            tracing::warn!(%error, "the dead letters were not emptied, that is tried again");
        }
    }
}
