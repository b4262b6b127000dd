//! How an attempt is written down: one transaction, under the lease, or not at all.

use std::time::Duration;

use job::{Claimed, Failure, Job, Status, backoff};
use store::jobs;

use crate::attempt::Fate;
use crate::failures::{self, chain};
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
                Ok(Some(job)) => {
                    tracing::info!(%job_id, status = %job.status, attempt = job.attempt, "job {job_id} is {}", job.status);
                    self.wake_later(&job, claimed);
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
                    tracing::error!(%job_id, error = chain(&error), "the results of job {job_id} were refused");
                    end = End::Fail(failures::database(&error));
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
    ) -> Result<Option<Job>, store::Error> {
        if matches!(end, End::Nothing) {
            return Ok(None);
        }
        let mut client = self.parts.store.client().await?;
        let tx = client.transaction().await?;
        let job = match end {
            End::Complete(output) => {
                self.handler.finish(&tx, &claimed.job, output).await?;
                jobs::complete(&tx, claimed).await?
            }
            End::Cancel => jobs::confirm_cancel(&tx, claimed).await?,
            End::Fail(failure) => jobs::end_attempt(&tx, claimed, failure).await?,
            End::Nothing => return Ok(None),
        };
        tx.commit().await?;
        Ok(Some(job))
    }

    /// The commit may have filled the outbox: for waiting jobs at once, for this job's next attempt after its backoff.
    /// If this process ends before, the scheduled sweep sends it.
    fn wake_later(&self, job: &Job, claimed: &Claimed) {
        self.relayer.wake();
        if job.status == Status::Queued && job.attempt == claimed.job.attempt {
            let relayer = self.relayer.clone();
            let wait = backoff(claimed.job.attempt);
            tokio::spawn(async move {
                tokio::time::sleep(wait).await;
                relayer.wake();
            });
        }
    }
}
