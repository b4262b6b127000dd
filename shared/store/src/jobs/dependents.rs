//! Jobs that wait for another one share its fate, in the transaction that decides it.

use job::{Failure, Job, Status};
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::{columns, logged, transition};
use crate::{Error, Transaction, metrics, sql, submissions};

pub(super) const RELEASE: &str = "
    WITH released AS (
        UPDATE jobs SET run_after = now(), woken_at = now() WHERE after_job_id = $1 AND status = 'queued'
        RETURNING id, kind)
    INSERT INTO outbox (job_id, kind) SELECT id, kind FROM released";

pub(super) const END: &str = transition!(
    "UPDATE jobs SET status = $2, error = $3, finished_at = now(), event_seq = event_seq + 1
     WHERE status = 'queued' AND id IN (
        WITH RECURSIVE waiting AS (
            SELECT first.id FROM jobs first WHERE first.after_job_id = $1
            UNION SELECT later.id FROM jobs later JOIN waiting ON later.after_job_id = waiting.id)
        SELECT waiting.id FROM waiting)",
    event: "status",
    data: "jsonb_strip_nulls(jsonb_build_object('failure', error))"
);

/// Does to the jobs that wait for this one what its state asks for, nothing while it is not over, and gives the number of
/// messages that are to be sent for it. A job that is over also leaves its row of metrics. The submissions behind which
/// any of these jobs are follow.
pub(super) async fn settle(tx: &Transaction<'_>, job: &Job) -> Result<u64, Error> {
    if matches!(job.status, Status::Completed | Status::Failed) {
        metrics::of_job(tx, job.id).await?;
    }
    let mut changed = vec![job.id];
    let mut released = 0;
    match job.status {
        Status::Queued | Status::Running => {}
        Status::Completed => released = sql::execute(tx, RELEASE, &[&job.id]).await?,
        Status::Failed => {
            let failure = prerequisite_failed(job);
            changed.extend(end(tx, job.id, Status::Failed, Some(&failure)).await?);
        }
        Status::Cancelled => changed.extend(end(tx, job.id, Status::Cancelled, None).await?),
    }
    submissions::settle(tx, &changed).await?;
    Ok(released)
}

fn prerequisite_failed(job: &Job) -> Failure {
    let why = job
        .error
        .as_ref()
        .map_or_else(String::new, |error| format!(": {}", error.message));
    Failure::permanent(
        "prerequisite_failed",
        format!("the {} job it comes after failed{why}", job.kind),
    )
}

/// Gives the jobs that were ended.
async fn end(
    tx: &Transaction<'_>,
    id: Uuid,
    status: Status,
    failure: Option<&Failure>,
) -> Result<Vec<Uuid>, Error> {
    let ended = sql::rows(tx, END, &[&id, &status.as_str(), &failure.map(Json)]).await?;
    ended.iter().map(|row| Ok(row.try_get("id")?)).collect()
}
