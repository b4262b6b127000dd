//! What EventBridge and the dead-letter queues start in the cloud, on timers of this process.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use jiff::Timestamp;
use runtime::SharedClock;
use schedule::{CLEANUP, OUTBOX_RELAY, Schedule, USAGE_STATS, previous_and_next};
use serde_json::Value;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use worker::Parts;

use super::parts::Shared;
use crate::backup::{Regular, Source, Target};

/// How often work without a message or a worker, and dead letters, are looked for. The cloud's schedule is a minute;
/// here nobody pays for a look, and a person waits.
const EVERY: Duration = Duration::from_secs(10);
/// A queued job without news for so long gets a new message.
const SILENCE: Duration = Duration::from_mins(1);

/// Starts the schedules; they end with `stop`.
pub fn spawn(tasks: &mut JoinSet<Result<()>>, shared: &Shared, stop: &CancellationToken) {
    tasks.spawn(look_after(shared.parts(), stop.clone()));
    let timer = |schedule| Timer {
        schedule,
        clock: Arc::clone(&shared.app.clock),
        stop: stop.clone(),
    };
    let parts = shared.parts();
    let app = shared.app.clone();
    tasks.spawn(timer(OUTBOX_RELAY).run(move |due| {
        let (parts, app) = (parts.clone(), app.clone());
        async move {
            app.traffic.write(&app.store).await?;
            outbox_relay::handle(&parts, due).await
        }
    }));
    let parts = shared.parts();
    tasks.spawn(timer(CLEANUP).run(move |due| {
        let parts = parts.clone();
        async move { Box::pin(cleanup::handle(&parts, due)).await }
    }));
    let parts = shared.parts();
    tasks.spawn(timer(USAGE_STATS).run(move |due| {
        let parts = parts.clone();
        async move { usage_stats::handle(&parts, due).await }
    }));
}

/// Starts regular backups; they end with `stop`.
pub fn spawn_backups(
    tasks: &mut JoinSet<Result<()>>,
    shared: &Shared,
    database_url: &str,
    (to, regular): (Target, &Regular),
    stop: &CancellationToken,
) {
    let timer = Timer {
        schedule: regular.schedule(),
        clock: Arc::clone(&shared.app.clock),
        stop: stop.clone(),
    };
    let (schedule, keep) = (timer.schedule, regular.keep);
    let source = Arc::new(Source {
        parts: shared.parts(),
        database_url: database_url.to_owned(),
    });
    tasks.spawn(timer.run(move |due| {
        let (source, to) = (Arc::clone(&source), to.clone());
        async move { Box::pin(source.back_up(&to, keep, schedule, due)).await }
    }));
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

/// Does a schedule's work at each of its times, the one that has just passed included: what was done for it before is
/// not done again.
struct Timer {
    schedule: Schedule,
    clock: SharedClock,
    stop: CancellationToken,
}

impl Timer {
    async fn run<E, F>(self, work: impl Fn(Timestamp) -> F) -> Result<()>
    where
        E: Into<Box<dyn Error + Send + Sync>>,
        F: Future<Output = Result<Value, E>>,
    {
        let at_each_time = async {
            loop {
                let now = self.clock.now();
                let (due, next) = previous_and_next(now, self.schedule.every);
                if let Err(error) = work(due).await {
                    let error = chain(error.into().as_ref());
                    let name = self.schedule.name;
                    tracing::warn!(error, "{name} failed, the next one makes up for it");
                }
                let wait = next.duration_since(self.clock.now()).unsigned_abs();
                tokio::time::sleep(wait.min(self.schedule.every)).await;
            }
        };
        // What is cut off here is made up for by a later run, as after a crash.
        self.stop.run_until_cancelled(at_each_time).await;
        Ok(())
    }
}

fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
