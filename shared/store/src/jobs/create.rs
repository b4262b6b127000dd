//! Making a job, with its first event and, unless it has to wait for another, its message.

use job::{Job, MAX_ATTEMPTS, NewJob, Refused, Status};
use uuid::Uuid;

use super::{columns, from_row, logged, transition};
use crate::{Error, Transaction, sql};

/// The share lock makes the other job's completion wait for us: either it sees the new job, or we see it completed.
pub(super) const LOCK_PREREQUISITE: &str = "SELECT status FROM jobs WHERE id = $1 FOR SHARE";

pub(super) const INSERT: &str = transition!(
    "INSERT INTO jobs (id, kind, bed_id, simulation_id, after_job_id, input, max_attempts, created_by, event_seq)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $9, 1)",
    event: "'queued'",
    data: "'{}'::jsonb",
    also: "sent AS (INSERT INTO outbox (job_id, kind) SELECT id, kind FROM changed WHERE $8::boolean)"
);

/// Stores a job. One that comes after a failed or cancelled job is refused.
pub async fn insert(tx: &Transaction<'_>, new: &NewJob) -> Result<Job, Error> {
    let ready = match new.after_job_id {
        Some(before) => is_completed(tx, new.id, before).await?,
        None => true,
    };
    let row = sql::one(
        tx,
        INSERT,
        &[
            &new.id,
            &new.kind.as_str(),
            &new.bed_id,
            &new.simulation_id,
            &new.after_job_id,
            &new.input,
            &MAX_ATTEMPTS,
            &ready,
            &new.created_by,
        ],
    )
    .await?;
    from_row(&row)
}

/// Whether the job it is to come after has completed; one that failed or was cancelled is a refusal.
pub(super) async fn is_completed(
    tx: &Transaction<'_>,
    id: Uuid,
    before: Uuid,
) -> Result<bool, Error> {
    let row = sql::row(tx, LOCK_PREREQUISITE, &[&before])
        .await?
        .ok_or_else(|| Error::not_found("job", before))?;
    match sql::word(&row, "status")? {
        Status::Completed => Ok(true),
        status @ (Status::Failed | Status::Cancelled) => Err(Error::Refused {
            id,
            refused: Refused::Finished(status),
        }),
        Status::Queued | Status::Running => Ok(false),
    }
}
