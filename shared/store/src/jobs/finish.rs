//! How an attempt ends. All of these take a transaction: jobs that wait for this one are released, failed or cancelled
//! in it as well, and results belong into the same one.

use job::{Claimed, Class, Failure, Job, backoff};
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::{columns, dependents, from_row, logged, transition, write};
use crate::{Error, Transaction, sql};

pub(super) const COMPLETE: &str = transition!(
    "UPDATE jobs SET status = 'completed', finished_at = now(), lease_token = NULL, lease_expires_at = NULL,
        fraction = 1, eta_s = NULL, error = NULL, event_seq = event_seq + 1
     WHERE id = $1 AND lease_token = $2 AND status = 'running'",
    event: "'completed'",
    data: "jsonb_build_object('attempt', attempt)"
);

/// A job that has just been completed.
#[derive(Debug, Clone, PartialEq)]
pub struct Completed {
    /// The job.
    pub job: Job,
    /// Jobs that waited for it: as many messages are in the outbox.
    pub released: u64,
}

/// Marks the job completed and writes the messages of the jobs that waited for it.
/// Also after a request to cancel: results that exist are kept.
pub async fn complete(tx: &Transaction<'_>, claimed: &Claimed) -> Result<Completed, Error> {
    let job = write(
        tx,
        claimed,
        COMPLETE,
        &[&claimed.job.id, &claimed.lease.token],
    )
    .await?;
    let released = dependents::settle(tx, &job).await?;
    Ok(Completed { job, released })
}

/// Ends the attempt as the failure's class says.
pub async fn end_attempt(
    tx: &Transaction<'_>,
    claimed: &Claimed,
    failure: &Failure,
) -> Result<Job, Error> {
    match failure.class {
        Class::Permanent => fail(tx, claimed, failure).await,
        Class::Retry => retry_later(tx, claimed, failure).await,
        Class::Interrupted => give_back(tx, claimed).await,
    }
}

pub(super) const FAIL: &str = transition!(
    "UPDATE jobs SET status = 'failed', error = $3, finished_at = now(), lease_token = NULL, lease_expires_at = NULL,
        eta_s = NULL, event_seq = event_seq + 1
     WHERE id = $1 AND lease_token = $2 AND status = 'running'",
    event: "'failed'",
    data: "jsonb_build_object('attempt', attempt, 'failure', error)"
);

/// Fails the job for good, and with it those that wait for it.
pub async fn fail(
    tx: &Transaction<'_>,
    claimed: &Claimed,
    failure: &Failure,
) -> Result<Job, Error> {
    let job = write(
        tx,
        claimed,
        FAIL,
        &[&claimed.job.id, &claimed.lease.token, &Json(failure)],
    )
    .await?;
    dependents::settle(tx, &job).await?;
    Ok(job)
}

pub(super) const RETRY: &str = transition!(
    "UPDATE jobs SET error = $3, eta_s = NULL, lease_token = NULL, lease_expires_at = NULL,
        status = CASE WHEN cancel_requested THEN 'cancelled' WHEN attempt >= max_attempts THEN 'failed' ELSE 'queued' END,
        finished_at = CASE WHEN cancel_requested OR attempt >= max_attempts THEN now() END,
        run_after = now() + make_interval(secs => $4), woken_at = now() + make_interval(secs => $4),
        event_seq = event_seq + 1
     WHERE id = $1 AND lease_token = $2 AND status = 'running'",
    event: "CASE status WHEN 'queued' THEN 'retry' ELSE status END",
    data: "jsonb_build_object('attempt', attempt, 'failure', error)
        || CASE status WHEN 'queued' THEN jsonb_build_object('wait_s', $4) ELSE '{}' END",
    also: "sent AS (INSERT INTO outbox (job_id, kind, send_after)
        SELECT id, kind, now() + make_interval(secs => $4) FROM changed WHERE status = 'queued')"
);

/// Puts the job back for another attempt after a backoff, or fails it when this was the last.
/// A job that somebody wants to stop is cancelled instead.
pub async fn retry_later(
    tx: &Transaction<'_>,
    claimed: &Claimed,
    failure: &Failure,
) -> Result<Job, Error> {
    let wait_s = backoff(claimed.job.attempt).as_secs_f64();
    let job = write(
        tx,
        claimed,
        RETRY,
        &[
            &claimed.job.id,
            &claimed.lease.token,
            &Json(failure),
            &wait_s,
        ],
    )
    .await?;
    dependents::settle(tx, &job).await?;
    Ok(job)
}

pub(super) const GIVE_BACK: &str = transition!(
    "UPDATE jobs SET attempt = attempt - 1, eta_s = NULL, lease_token = NULL, lease_expires_at = NULL,
        status = CASE WHEN cancel_requested THEN 'cancelled' ELSE 'queued' END,
        finished_at = CASE WHEN cancel_requested THEN now() END,
        run_after = now(), woken_at = now(), event_seq = event_seq + 1
     WHERE id = $1 AND lease_token = $2 AND status = 'running'",
    event: "CASE status WHEN 'queued' THEN 'interrupted' ELSE status END",
    data: "jsonb_build_object('attempt', attempt)",
    also: "sent AS (INSERT INTO outbox (job_id, kind) SELECT id, kind FROM changed WHERE status = 'queued')"
);

/// Puts the job back at once because the worker has to stop; the attempt does not count.
pub async fn give_back(tx: &Transaction<'_>, claimed: &Claimed) -> Result<Job, Error> {
    let job = write(
        tx,
        claimed,
        GIVE_BACK,
        &[&claimed.job.id, &claimed.lease.token],
    )
    .await?;
    dependents::settle(tx, &job).await?;
    Ok(job)
}

/// Held until the other rows are looked at: a message that is written with this job's next state is then seen.
pub(super) const LOCK: &str = "SELECT id FROM jobs WHERE id = $1 FOR UPDATE";

pub(super) const ABANDON: &str = transition!(
    "UPDATE jobs SET lease_token = NULL, lease_expires_at = NULL, eta_s = NULL, finished_at = now(),
        status = CASE WHEN cancel_requested THEN 'cancelled' ELSE 'failed' END, error = $2, event_seq = event_seq + 1
     WHERE id = $1 AND (status = 'queued' OR (status = 'running' AND lease_expires_at < now()))
        AND (after_job_id IS NULL
            OR EXISTS (SELECT 1 FROM jobs before WHERE before.id = jobs.after_job_id AND before.status = 'completed'))
        AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.job_id = jobs.id)",
    event: "status",
    data: "jsonb_build_object('attempt', attempt, 'failure', error)"
);

/// Fails a job of which a message ended in the dead-letter queue. Nothing when a worker holds it, another message of it
/// waits in the outbox, it still waits for another job, or it has ended.
pub async fn abandon(
    tx: &Transaction<'_>,
    id: Uuid,
    failure: &Failure,
) -> Result<Option<Job>, Error> {
    sql::row(tx, LOCK, &[&id]).await?;
    let Some(row) = sql::row(tx, ABANDON, &[&id, &Json(failure)]).await? else {
        return Ok(None);
    };
    let job = from_row(&row)?;
    dependents::settle(tx, &job).await?;
    Ok(Some(job))
}
