//! When each schedule last went well.

use jiff::Timestamp;
use serde::Serialize;
use store::{Client, Error, scheduled_runs};
use utoipa::ToSchema;

/// A schedule's last run that went well.
#[derive(Debug, Serialize, ToSchema)]
pub struct LastRun {
    /// The schedule.
    #[schema(example = "cleanup")]
    pub name: String,
    /// When that run began.
    pub last_success: Timestamp,
    /// How long ago that was.
    pub age_s: f64,
}

/// Of all schedules that ever went well.
pub async fn last(client: &Client, now: Timestamp) -> Result<Vec<LastRun>, Error> {
    let names = [
        schedule::OUTBOX_RELAY.name,
        schedule::CLEANUP.name,
        schedule::USAGE_STATS.name,
        schedule::BACKUP.name,
    ];
    let runs = scheduled_runs::last_successes(client, &names).await?;
    Ok(runs
        .into_iter()
        .map(|run| LastRun {
            age_s: now.duration_since(run.started_at).as_secs_f64().max(0.0),
            name: run.name,
            last_success: run.started_at,
        })
        .collect())
}
