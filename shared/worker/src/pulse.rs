//! The heartbeat of a running job: extends lease and visibility, writes progress, and notices every reason to stop.

use std::sync::Arc;

use job::Claimed;
use push::Announcer;
use queue::{Name, Queue};
use store::{Store, jobs};
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use crate::Settings;
use crate::failures::chain;
use crate::stop::{Reason, Stop};
use crate::work::Report;

/// What a heartbeat needs.
pub(crate) struct Pulse {
    pub store: Store,
    pub queue: Queue,
    pub announcer: Announcer,
    pub queue_name: Name,
    pub receipt: String,
    pub claimed: Claimed,
    pub stop: Arc<Stop>,
    pub report: Arc<Report>,
    pub settings: Arc<Settings>,
    pub shutdown: CancellationToken,
}

impl Pulse {
    /// Beats until the handle is dropped.
    pub fn start(self) -> AbortOnDropHandle<()> {
        AbortOnDropHandle::new(tokio::spawn(self.beat()))
    }

    async fn beat(self) {
        let every = self.settings.heartbeat_every();
        let mut ticks = interval_at(Instant::now() + every, every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut held = Instant::now();
        let mut hidden = Instant::now();
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                () = self.shutdown.cancelled(), if self.stop.reason().is_none() => {
                    self.stop.request(Reason::Shutdown);
                }
            }
            if self.extend_lease().await {
                held = Instant::now();
            } else if held.elapsed() >= self.settings.lease {
                tracing::warn!(job_id = %self.claimed.job.id, "the lease ran out without a heartbeat");
                self.stop.request(Reason::LeaseLost);
            }
            if self.stop.reason() == Some(Reason::LeaseLost) {
                return;
            }
            if hidden.elapsed() >= self.settings.lease / 4 {
                self.extend_visibility().await;
                hidden = Instant::now();
            }
            // Whatever was written since the last beat: the claim, this progress, a stage that ended.
            self.announcer.wake();
            if self.report.silent_for() >= self.settings.silence {
                self.stop.request(Reason::Silent);
            }
        }
    }

    /// False when the database did not answer: the lease may still hold, so nothing is decided yet.
    async fn extend_lease(&self) -> bool {
        let beat = async {
            let progress = self.report.take();
            let client = self.store.client().await?;
            jobs::heartbeat(&client, &self.claimed, progress.as_ref()).await
        };
        match timeout(self.settings.lease / 4, beat).await {
            Ok(Ok(heartbeat)) => {
                if heartbeat.cancel_requested {
                    self.stop.request(Reason::Cancelled);
                }
                true
            }
            Ok(Err(store::Error::LeaseLost(_))) => {
                self.stop.request(Reason::LeaseLost);
                true
            }
            Ok(Err(error)) => {
                tracing::warn!(job_id = %self.claimed.job.id, error = chain(&error), "a heartbeat failed");
                false
            }
            Err(_) => {
                tracing::warn!(job_id = %self.claimed.job.id, "a heartbeat took too long");
                false
            }
        }
    }

    /// Only delays a needless second delivery, so a failure is no more than a line in the log.
    async fn extend_visibility(&self) {
        let visibility_s = self.settings.visibility_s();
        if let Err(error) = self
            .queue
            .extend(&self.queue_name, &self.receipt, visibility_s)
            .await
        {
            tracing::warn!(job_id = %self.claimed.job.id, %error, "the message could not be hidden longer");
        }
    }
}
