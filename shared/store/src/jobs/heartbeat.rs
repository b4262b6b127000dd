//! What a worker writes while it works. Every write shows the lease token.

use job::{Claimed, EventKind, Progress};
use serde_json::Value;

use super::{columns, logged, write};
use crate::{Error, GenericClient, sql};

/// What the worker learns from a heartbeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heartbeat {
    /// Somebody wants the job to stop: stop the engine, then `confirm_cancel`.
    pub cancel_requested: bool,
}

pub(super) const ALIVE: &str = "
    UPDATE jobs SET lease_expires_at = now() + make_interval(secs => $3)
    WHERE id = $1 AND lease_token = $2 AND status = 'running'
    RETURNING cancel_requested";

pub(super) const PROGRESS: &str = logged!(
    "UPDATE jobs SET lease_expires_at = now() + make_interval(secs => $3), stage = $4, fraction = $5, eta_s = $6,
        event_seq = event_seq + 1
     WHERE id = $1 AND lease_token = $2 AND status = 'running'",
    event: "'progress'",
    data: "jsonb_build_object('stage', stage, 'fraction', fraction, 'eta_s', eta_s)"
);

/// Extends the lease and, when there is news, stores the progress with an event.
/// A lease that ran out is revived as long as nobody else took the job.
pub async fn heartbeat(
    client: &impl GenericClient,
    claimed: &Claimed,
    progress: Option<&Progress>,
) -> Result<Heartbeat, Error> {
    let (id, token, seconds) = (
        claimed.job.id,
        claimed.lease.token,
        claimed.lease.duration.as_secs_f64(),
    );
    let row = match progress {
        None => sql::row(client, ALIVE, &[&id, &token, &seconds]).await?,
        Some(Progress {
            stage,
            fraction,
            eta_s,
        }) => {
            // The table refuses what is no number, and that would cost the lease.
            let fraction = if fraction.is_nan() {
                0.0
            } else {
                fraction.clamp(0.0, 1.0)
            };
            let eta_s = eta_s.filter(|eta_s| (0.0..f64::INFINITY).contains(eta_s));
            sql::row(
                client,
                PROGRESS,
                &[&id, &token, &seconds, stage, &fraction, &eta_s],
            )
            .await?
        }
    };
    let row = row.ok_or(Error::LeaseLost(id))?;
    Ok(Heartbeat {
        cancel_requested: row.try_get("cancel_requested")?,
    })
}

pub(super) const NOTE: &str = logged!(
    "UPDATE jobs SET event_seq = event_seq + 1 WHERE id = $1 AND lease_token = $2 AND status = 'running'",
    event: "$3",
    data: "$4::jsonb"
);

/// Adds an event that changes no state: a stage finished, an output was reused. `data` is a JSON object.
pub async fn note(
    client: &impl GenericClient,
    claimed: &Claimed,
    kind: EventKind,
    data: &Value,
) -> Result<(), Error> {
    write(
        client,
        claimed,
        NOTE,
        &[&claimed.job.id, &claimed.lease.token, &kind.as_str(), data],
    )
    .await?;
    Ok(())
}
