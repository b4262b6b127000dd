//! The reaper: jobs that nobody will ever touch again unless somebody looks for them.

use std::time::Duration;

use job::{Failure, Status};
use tokio_postgres::types::Json;

use super::{columns, dependents, from_row, logged, transition};
use crate::{Error, GenericClient, Transaction, sql};

/// What the reaper did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stranded {
    /// Running jobs without a live worker, back in the queue.
    pub requeued: usize,
    /// Running jobs without a live worker that had no attempt left or were to be cancelled.
    pub ended: usize,
    /// Queued jobs without a message, which got a new one.
    pub woken: usize,
}

/// Ends as `job::transition` says for `Action::Reap`.
pub(super) const EXPIRED: &str = transition!(
    "UPDATE jobs SET error = $1, eta_s = NULL, lease_token = NULL, lease_expires_at = NULL,
        status = CASE WHEN cancel_requested THEN 'cancelled' WHEN attempt >= max_attempts THEN 'failed' ELSE 'queued' END,
        finished_at = CASE WHEN cancel_requested OR attempt >= max_attempts THEN now() END,
        run_after = now(), woken_at = now(), event_seq = event_seq + 1
     WHERE id IN (
        SELECT due.id FROM jobs due WHERE due.status = 'running' AND due.lease_expires_at < now()
        ORDER BY due.lease_expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)",
    event: "CASE status WHEN 'queued' THEN 'retry' ELSE status END",
    data: "jsonb_build_object('attempt', attempt, 'failure', error)",
    also: "sent AS (INSERT INTO outbox (job_id, kind) SELECT id, kind FROM changed WHERE status = 'queued')"
);

pub(super) const END_LEASES: &str = "UPDATE jobs SET lease_expires_at = now() WHERE status = 'running' AND lease_expires_at > now()";

/// Ends every lease now, so that the next sweep puts the jobs back. Right only where no worker can be alive, as on a
/// machine that has just taken over the data of a system that was killed.
pub async fn end_leases(client: &impl GenericClient) -> Result<u64, Error> {
    sql::execute(client, END_LEASES, &[]).await
}

/// A message may wait behind others for long, so a job gets a new one only after `silence`, and then again only after
/// as much; the old one, should it still exist, does no harm.
pub(super) const SILENT: &str = "
    WITH woken AS (
        UPDATE jobs SET woken_at = now() WHERE id IN (
            SELECT due.id FROM jobs due
            WHERE due.status = 'queued' AND due.woken_at < now() - make_interval(secs => $1) AND due.run_after <= now()
                AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.job_id = due.id)
                AND (due.after_job_id IS NULL OR EXISTS (
                    SELECT 1 FROM jobs before WHERE before.id = due.after_job_id AND before.status = 'completed'))
            ORDER BY due.woken_at LIMIT $2 FOR UPDATE SKIP LOCKED)
        RETURNING id, kind)
    INSERT INTO outbox (job_id, kind) SELECT id, kind FROM woken";

/// Puts running jobs with an expired lease back into the queue (or ends them) and gives queued jobs that heard nothing
/// for `silence` a new message. At most `limit` of each.
pub async fn requeue_stranded(
    tx: &Transaction<'_>,
    silence: Duration,
    limit: i64,
) -> Result<Stranded, Error> {
    let failure = Failure::retry("lease_expired", "the worker that held the job went silent");
    let mut done = Stranded::default();
    for row in sql::rows(tx, EXPIRED, &[&Json(&failure), &limit]).await? {
        let job = from_row(&row)?;
        if job.status == Status::Queued {
            done.requeued += 1;
        } else {
            done.ended += 1;
            dependents::settle(tx, &job).await?;
        }
    }
    let woken = sql::execute(tx, SILENT, &[&silence.as_secs_f64(), &limit]).await?;
    done.woken = usize::try_from(woken).unwrap_or(usize::MAX);
    Ok(done)
}
