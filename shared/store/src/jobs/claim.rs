//! Claiming a job: the one moment at which two workers could both believe it is theirs.

use std::time::Duration;

use job::{Claimed, Lease, Refused, Status};
use tokio_postgres::Row;
use uuid::Uuid;

use super::{columns, from_row, logged, transition};
use crate::{Error, GenericClient, sql};

/// What came of wanting a job.
#[derive(Debug, Clone, PartialEq)]
pub enum Claim {
    /// It is ours.
    Won(Box<Claimed>),
    /// Its backoff is not over; the message may be released for that long.
    NotYet(Duration),
    /// The rules said no: drop the message, whoever makes the job claimable again sends another.
    Refused(Refused),
    /// There is no such job: drop the message.
    Missing,
}

pub(super) const CLAIM: &str = transition!(
    "UPDATE jobs SET status = 'running', attempt = attempt + 1, lease_token = $2,
        lease_expires_at = now() + make_interval(secs => $3), started_at = coalesce(started_at, now()),
        stage = NULL, fraction = NULL, eta_s = NULL, event_seq = event_seq + 1
     WHERE id = $1 AND attempt < max_attempts AND NOT cancel_requested
        AND ((status = 'queued' AND run_after <= now()) OR (status = 'running' AND lease_expires_at < now()))
        AND (after_job_id IS NULL
            OR EXISTS (SELECT 1 FROM jobs before WHERE before.id = jobs.after_job_id AND before.status = 'completed'))",
    event: "'claimed'",
    data: "jsonb_build_object('attempt', attempt)",
    also: "begun AS (UPDATE submissions SET status = 'running' FROM submission_jobs behind, changed
        WHERE behind.job_id = changed.id AND submissions.id = behind.submission_id AND submissions.status = 'queued')"
);

/// Takes the job under a fresh lease if the rules allow it.
pub async fn claim(client: &impl GenericClient, id: Uuid, lease: Lease) -> Result<Claim, Error> {
    let seconds = lease.duration.as_secs_f64();
    match sql::row(client, CLAIM, &[&id, &lease.token, &seconds]).await? {
        Some(row) => Ok(Claim::Won(Box::new(Claimed {
            job: from_row(&row)?,
            lease,
        }))),
        None => why_not(client, id).await,
    }
}

pub(super) const WHY_NOT: &str = "
    SELECT status, cancel_requested, attempt >= max_attempts AS exhausted,
        coalesce(lease_expires_at >= now(), false) AS held,
        greatest(0, extract(epoch FROM run_after - now()))::double precision AS wait_s,
        after_job_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM jobs before WHERE before.id = jobs.after_job_id AND before.status = 'completed') AS waiting
    FROM jobs WHERE id = $1";

async fn why_not(client: &impl GenericClient, id: Uuid) -> Result<Claim, Error> {
    match sql::row(client, WHY_NOT, &[&id]).await? {
        Some(row) => reason(&row),
        None => Ok(Claim::Missing),
    }
}

/// The order of the questions is that of `job::transition`.
fn reason(row: &Row) -> Result<Claim, Error> {
    let status: Status = sql::word(row, "status")?;
    let refused = if status.is_final() {
        Refused::Finished(status)
    } else if row.try_get("waiting")? {
        Refused::Waiting
    } else if row.try_get("held")? {
        Refused::Held
    } else if row.try_get("cancel_requested")? {
        Refused::CancelRequested
    } else if row.try_get("exhausted")? {
        Refused::Exhausted
    } else {
        // Claimable now: either its backoff is still on, or what stood in the way a moment ago is gone.
        return Ok(Claim::NotYet(Duration::from_secs_f64(
            row.try_get("wait_s")?,
        )));
    };
    Ok(Claim::Refused(refused))
}
