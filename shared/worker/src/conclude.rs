//! How an attempt is written down: one transaction, under the lease, or not at all.

use std::time::Duration;

use job::{Claimed, Failure, Job, Status, backoff};
use store::jobs::{self, Completed};

use crate::attempt::Fate;
use crate::failures::{chain, database_failure};
use crate::patience::persist;
use crate::stop::{Reason, Stop};
use crate::{Handler, Worker};

/// What is to be written.
enum End<O> {
    Complete(O),
    Cancel,
    Fail(Failure),
    /// The job is not ours any more.
    Nothing,
}

/// What was written.
struct Ended {
    job: Job,
    /// When the message that was written with it, if there was one, has to be sent.
    due: Option<Duration>,
}

impl<H: Handler> Worker<H> {
    /// Writes the end of an attempt and says what becomes of its message.
    pub(crate) async fn conclude(
        &self,
        claimed: &Claimed,
        stop: &Stop,
        outcome: Result<H::Output, Failure>,
    ) -> Fate {
        let job_id = claimed.job.id;
        let mut end = self.decide(stop, outcome);
        loop {
            match persist(stop, || Box::pin(self.write(claimed, &end))).await {
                Ok(Some(Ended { job, due })) => {
                    tracing::info!(%job_id, status = %job.status, attempt = job.attempt, "job {job_id} is {}", job.status);
                    self.relay_in(due);
                    self.announcer.wake();
                    return Fate::Delete;
                }
                Ok(None) | Err(store::Error::LeaseLost(_)) => {
                    tracing::warn!(%job_id, "job {job_id} was taken over, nothing is written");
                    // By ourselves, if the answer to our own commit was lost: then its messages wait.
                    self.relayer.wake();
                    return Fate::Again(Duration::ZERO);
                }
                Err(error) if error.is_transient() => return Fate::Unreachable,
                Err(error) if matches!(end, End::Complete(_)) => {
                    tracing::error!(%job_id, "the results of job {job_id} were refused");
                    end = End::Fail(database_failure(job_id, &error));
                }
                Err(error) => {
                    tracing::error!(%job_id, error = chain(&error), "the end of job {job_id} was refused");
                    return Fate::Again(self.settings.lease);
                }
            }
        }
    }

    /// A result counts whatever happened meanwhile, unless the lease is lost. A failure after the handler was told
    /// to stop says nothing: the reason to stop does.
    fn decide(&self, stop: &Stop, outcome: Result<H::Output, Failure>) -> End<H::Output> {
        match (stop.reason(), outcome) {
            (Some(Reason::LeaseLost), _) => End::Nothing,
            (_, Ok(output)) => End::Complete(output),
            (Some(Reason::Cancelled), Err(_)) => End::Cancel,
            (Some(Reason::Shutdown), Err(_)) if self.settings.time_is_limited => {
                let words = "it takes longer than a worker of this kind may run";
                End::Fail(Failure::retry("out_of_time", words))
            }
            (Some(Reason::Shutdown), Err(_)) => {
                End::Fail(Failure::interrupted("the worker was told to stop"))
            }
            (Some(Reason::Silent), Err(_)) => {
                let silence_s = self.settings.silence.as_secs();
                End::Fail(Failure::retry(
                    "silent",
                    format!("no sign of life for {silence_s} s"),
                ))
            }
            (None, Err(failure)) => End::Fail(failure),
        }
    }

    async fn write(
        &self,
        claimed: &Claimed,
        end: &End<H::Output>,
    ) -> Result<Option<Ended>, store::Error> {
        if matches!(end, End::Nothing) {
            return Ok(None);
        }
        let mut client = self.parts.store.client().await?;
        let tx = client.transaction().await?;
        let ended = match end {
            End::Complete(output) => {
                self.handler.finish(&tx, &claimed.job, output).await?;
                let Completed { job, released } = jobs::complete(&tx, claimed).await?;
                let due = (released > 0).then_some(Duration::ZERO);
                Ended { job, due }
            }
            End::Cancel => Ended {
                job: jobs::confirm_cancel(&tx, claimed).await?,
                due: None,
            },
            End::Fail(failure) => {
                let job = jobs::end_attempt(&tx, claimed, failure).await?;
                let due = (job.status == Status::Queued).then(|| wait_of(&job, claimed));
                Ended { job, due }
            }
            End::Nothing => return Ok(None),
        };
        tx.commit().await?;
        Ok(Some(ended))
    }

    /// If this process ends before, the scheduled sweep sends what is in the outbox.
    fn relay_in(&self, due: Option<Duration>) {
        match due {
            None => {}
            Some(Duration::ZERO) => self.relayer.wake(),
            Some(wait) => {
                let relayer = self.relayer.clone();
                tokio::spawn(async move {
                    tokio::time::sleep(wait).await;
                    relayer.wake();
                });
            }
        }
    }
}

/// A job given back can be taken at once, one that failed after its backoff.
fn wait_of(job: &Job, claimed: &Claimed) -> Duration {
    if job.attempt < claimed.job.attempt {
        Duration::ZERO
    } else {
        backoff(claimed.job.attempt)
    }
}
