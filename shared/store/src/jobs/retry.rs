//! Trying a job again that failed or was cancelled, because somebody asks for it.

use job::{Job, Refused};
use uuid::Uuid;

use super::{columns, create, from_row, logged, read, transition};
use crate::{Error, Transaction, sql, submissions};

pub(super) const RETRY: &str = transition!(
    "UPDATE jobs SET status = 'queued', attempt = 0, cancel_requested = false, error = NULL, started_at = NULL,
        finished_at = NULL, stage = NULL, fraction = NULL, run_after = now(), woken_at = now(),
        event_seq = event_seq + 1
     WHERE id = $1 AND status IN ('failed', 'cancelled')",
    event: "'retried'",
    data: "'{}'::jsonb",
    also: "sent AS (INSERT INTO outbox (job_id, kind) SELECT id, kind FROM changed WHERE $2::boolean)"
);

/// Queues the job again as if it had just been made. One that has not ended, or has completed, is refused, and so is one
/// that comes after a job that did not complete: that one comes first.
pub async fn retry(tx: &Transaction<'_>, id: Uuid) -> Result<Job, Error> {
    let job = read::get(tx, id).await?;
    let ready = match job.after_job_id {
        Some(before) => create::is_completed(tx, id, before)
            .await
            .map_err(|error| after_failed(error, id))?,
        None => true,
    };
    match sql::row(tx, RETRY, &[&id, &ready]).await? {
        Some(row) => {
            submissions::settle(tx, &[id]).await?;
            from_row(&row)
        }
        None => Err(refused(&read::get(tx, id).await?)),
    }
}

fn after_failed(error: Error, id: Uuid) -> Error {
    match error {
        Error::Refused { .. } => Error::Refused {
            id,
            refused: Refused::PrerequisiteFailed,
        },
        other => other,
    }
}

fn refused(job: &Job) -> Error {
    let refused = if job.status.is_final() {
        Refused::Finished(job.status)
    } else {
        Refused::NotNow(job.status)
    };
    Error::Refused {
        id: job.id,
        refused,
    }
}
