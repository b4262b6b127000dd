//! Cancelling: at once while nobody works on the job, otherwise by the worker that does.

use job::{Claimed, Job, Refused};
use uuid::Uuid;

use super::{columns, dependents, from_row, logged, read, transition, write};
use crate::{Error, Transaction, sql};

pub(super) const REQUEST: &str = transition!(
    "UPDATE jobs SET cancel_requested = (status = 'running'),
        status = CASE status WHEN 'queued' THEN 'cancelled' ELSE status END,
        finished_at = CASE status WHEN 'queued' THEN now() END, event_seq = event_seq + 1
     WHERE id = $1 AND status IN ('queued', 'running') AND NOT cancel_requested",
    event: "CASE status WHEN 'cancelled' THEN status ELSE 'cancel_requested' END",
    data: "'{}'::jsonb"
);

/// Cancels a waiting job, and those that wait for it; asks the worker of a running one to stop. Asking twice is fine,
/// a job that has ended is refused.
pub async fn request_cancel(tx: &Transaction<'_>, id: Uuid) -> Result<Job, Error> {
    let Some(row) = sql::row(tx, REQUEST, &[&id]).await? else {
        let job = read::get(tx, id).await?;
        let refused = Refused::Finished(job.status);
        return if job.status.is_final() {
            Err(Error::Refused { id, refused })
        } else {
            Ok(job)
        };
    };
    let job = from_row(&row)?;
    dependents::settle(tx, &job).await?;
    Ok(job)
}

pub(super) const CONFIRM: &str = transition!(
    "UPDATE jobs SET status = 'cancelled', finished_at = now(), lease_token = NULL, lease_expires_at = NULL,
        eta_s = NULL, event_seq = event_seq + 1
     WHERE id = $1 AND lease_token = $2 AND status = 'running' AND cancel_requested",
    event: "'cancelled'",
    data: "jsonb_build_object('attempt', attempt)"
);

/// The worker stopped as asked. Without such a request it is refused like a lost lease.
pub async fn confirm_cancel(tx: &Transaction<'_>, claimed: &Claimed) -> Result<Job, Error> {
    let job = write(
        tx,
        claimed,
        CONFIRM,
        &[&claimed.job.id, &claimed.lease.token],
    )
    .await?;
    dependents::settle(tx, &job).await?;
    Ok(job)
}
