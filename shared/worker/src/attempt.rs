//! One delivery of one message: from parsing it to knowing what becomes of it.

use std::sync::Arc;
use std::time::Duration;

use job::{Claimed, Failure, Lease, Message};
use queue::Delivery;
use store::jobs::{self, Claim};
use tokio::task::JoinError;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument;
use uuid::Uuid;

use crate::failures::{self, chain};
use crate::folder::Folder;
use crate::pulse::Pulse;
use crate::stop::Stop;
use crate::work::Report;
use crate::{Handler, Work, Worker};

/// Pause before a message that nobody can read, or that came while the database was away, is seen again.
const LATER: Duration = Duration::from_secs(2);

/// What becomes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It did its work.
    Delete,
    /// It is seen again after a while; after too many times it moves to the dead letters.
    Again(Duration),
    /// The same, because the database is away: there is no sense in receiving more.
    Unreachable,
}

impl<H: Handler> Worker<H> {
    pub(crate) async fn handle(&self, delivery: &Delivery, shutdown: &CancellationToken) -> Fate {
        let message = match Message::parse(&delivery.body) {
            Ok(message) => message,
            Err(error) => {
                tracing::error!(message_id = delivery.message_id, %error, "message {} names no job", delivery.message_id);
                return Fate::Again(LATER);
            }
        };
        let lease = Lease {
            token: self.parts.ids.next(),
            duration: self.settings.lease,
        };
        match self.claim(message.job_id, lease).await {
            Ok(Claim::Won(claimed)) => self.attempt(*claimed, delivery, shutdown).await,
            Ok(Claim::NotYet(wait)) => Fate::Again(wait),
            Ok(Claim::Refused(refused)) => {
                tracing::debug!(job_id = %message.job_id, %refused, "dropped a message of job {}", message.job_id);
                Fate::Delete
            }
            Ok(Claim::Missing) => {
                tracing::warn!(job_id = %message.job_id, "dropped a message of unknown job {}", message.job_id);
                Fate::Delete
            }
            Err(error) => {
                tracing::warn!(job_id = %message.job_id, error = chain(&error), "job {} not claimed", message.job_id);
                Fate::Unreachable
            }
        }
    }

    async fn claim(&self, job_id: Uuid, lease: Lease) -> Result<Claim, store::Error> {
        let client = self.parts.store.client().await?;
        jobs::claim(&client, job_id, lease).await
    }

    async fn attempt(
        &self,
        claimed: Claimed,
        delivery: &Delivery,
        shutdown: &CancellationToken,
    ) -> Fate {
        let job_id = claimed.job.id;
        tracing::info!(%job_id, attempt = claimed.job.attempt, "job {job_id} starts");
        let stop = Arc::new(Stop::default());
        let report = Arc::new(Report::new());
        let pulse = Pulse {
            store: self.parts.store.clone(),
            queue: self.parts.queue.clone(),
            announcer: self.announcer.clone(),
            queue_name: self.parts.queue.of(self.handler.kind()).clone(),
            receipt: delivery.receipt.clone(),
            claimed: claimed.clone(),
            stop: Arc::clone(&stop),
            report: Arc::clone(&report),
            settings: Arc::clone(&self.settings),
            shutdown: shutdown.clone(),
        }
        .start();
        let fate = match Folder::make(&self.settings.work_dir, &claimed).await {
            Err(error) => {
                self.conclude(&claimed, &stop, Err(failures::folder(job_id, &error)))
                    .await
            }
            Ok(folder) => {
                let work = self.work(&claimed, &folder, &stop, &report);
                let outcome = self.run_handler(work).await;
                let fate = self.conclude(&claimed, &stop, outcome).await;
                folder.remove().await;
                fate
            }
        };
        drop(pulse);
        fate
    }

    fn work(
        &self,
        claimed: &Claimed,
        folder: &Folder,
        stop: &Arc<Stop>,
        report: &Arc<Report>,
    ) -> Work {
        Work {
            job: claimed.job.clone(),
            dir: folder.path().to_owned(),
            cores: self.settings.cores,
            cancel: stop.cancel.clone(),
            claimed: claimed.clone(),
            store: self.parts.store.clone(),
            objects: self.parts.objects.clone(),
            stop: Arc::clone(stop),
            report: Arc::clone(report),
        }
    }

    /// Runs the handler in a task of its own: a panic ends that task only, and one that does not stop is dropped.
    async fn run_handler(&self, work: Work) -> Result<H::Output, Failure> {
        let (job_id, cancel) = (work.job.id, work.cancel.clone());
        let handler = Arc::clone(&self.handler);
        // whatever an engine's end is logged with says of which job it was
        let span = tracing::info_span!("job", %job_id);
        let run = async move { handler.run(&work).await }.instrument(span);
        let mut task = AbortOnDropHandle::new(tokio::spawn(run));
        let too_long = async {
            cancel.cancelled().await;
            tokio::time::sleep(self.settings.grace).await;
        };
        tokio::select! {
            ended = &mut task => ended.unwrap_or_else(|error| Err(broken(job_id, error))),
            () = too_long => {
                task.abort();
                Err(Failure::interrupted("the handler did not stop in time and was dropped"))
            }
        }
    }
}

fn broken(job_id: Uuid, error: JoinError) -> Failure {
    match error.try_into_panic() {
        Ok(panic) => failures::panic(job_id, panic.as_ref()),
        Err(_) => Failure::interrupted("the handler's task was dropped"),
    }
}
