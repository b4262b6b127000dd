//! Jobs. Each transition of the pure state machine (`job::transition`) is one conditional UPDATE here, whose statement
//! also writes the event, moves the simulation along and, where the job goes back to the queue, fills the outbox.
//! No affected row means that the rules said no; nothing is read first and written later.

mod cancel;
mod claim;
mod create;
mod dependents;
mod finish;
mod heartbeat;
mod read;
mod retry;
mod search;
mod stranded;

use job::{Claimed, Failure, Job};
use tokio_postgres::Row;
use tokio_postgres::types::Json;

use crate::sql::{self, Parameters};
use crate::{Error, GenericClient};

pub use cancel::{confirm_cancel, request_cancel};
pub use claim::{Claim, claim};
pub use create::insert;
pub use finish::{Completed, abandon, complete, end_attempt, fail, give_back, retry_later};
pub use heartbeat::{Heartbeat, heartbeat, note};
pub use read::{find, get, get_for, of_simulation, unfinished_of_bed};
pub use retry::retry;
pub use search::{Search, Standing, search, search_query, standing};
pub use stranded::{Stranded, end_leases, requeue_stranded};

pub(crate) const STATEMENTS: &[&str] = &[
    cancel::REQUEST,
    cancel::CONFIRM,
    claim::CLAIM,
    claim::WHY_NOT,
    create::LOCK_PREREQUISITE,
    create::INSERT,
    dependents::RELEASE,
    dependents::END,
    finish::COMPLETE,
    finish::FAIL,
    finish::RETRY,
    finish::GIVE_BACK,
    finish::LOCK,
    finish::ABANDON,
    heartbeat::ALIVE,
    heartbeat::PROGRESS,
    heartbeat::NOTE,
    read::FIND,
    read::GET_FOR,
    read::UNFINISHED_OF_BED,
    read::OF_SIMULATION,
    retry::RETRY,
    search::STANDING,
    stranded::EXPIRED,
    stranded::END_LEASES,
    stranded::SILENT,
];

/// The columns [`from_row`] reads.
macro_rules! columns {
    () => {
        "id, kind, status, bed_id, simulation_id, after_job_id, project_id, created_by, input, attempt, max_attempts, \
         cancel_requested, stage, fraction, eta_s, error, event_seq, created_at, started_at, finished_at"
    };
}

/// A statement that changes jobs, writes one event for each and gives the changed rows.
macro_rules! logged {
    ($change:literal, event: $kind:literal, data: $data:literal $(, also: $also:expr)?) => {
        concat!(
            "WITH changed AS (", $change, " RETURNING ", columns!(), "), logged AS (
                INSERT INTO job_events (job_id, seq, kind, data)
                SELECT id, event_seq, ", $kind, ", ", $data, " FROM changed)",
            $(", ", $also,)?
            " SELECT ", columns!(), " FROM changed"
        )
    };
}

/// A [`logged!`] statement that changes the status, so that a flow's simulation has to follow.
macro_rules! transition {
    ($change:literal, event: $kind:literal, data: $data:literal $(, also: $also:literal)?) => {
        logged!($change, event: $kind, data: $data, also: concat!("followed AS (
                UPDATE simulations SET started_at = changed.started_at, finished_at = changed.finished_at,
                    status = CASE changed.status WHEN 'queued' THEN 'pending' ELSE changed.status END
                FROM changed WHERE simulations.id = changed.simulation_id AND changed.kind = 'flow')"
            $(, ", ", $also)?))
    };
}

use {columns, logged, transition};

/// Sends a statement that must hit the one job the lease is for.
async fn write(
    client: &impl GenericClient,
    claimed: &Claimed,
    sql: &str,
    parameters: Parameters<'_>,
) -> Result<Job, Error> {
    match sql::row(client, sql, parameters).await? {
        Some(row) => from_row(&row),
        None => Err(Error::LeaseLost(claimed.job.id)),
    }
}

fn from_row(row: &Row) -> Result<Job, Error> {
    Ok(Job {
        id: row.try_get("id")?,
        kind: sql::word(row, "kind")?,
        status: sql::word(row, "status")?,
        bed_id: row.try_get("bed_id")?,
        simulation_id: row.try_get("simulation_id")?,
        after_job_id: row.try_get("after_job_id")?,
        project_id: row.try_get("project_id")?,
        created_by: row.try_get("created_by")?,
        input: row.try_get("input")?,
        attempt: row.try_get("attempt")?,
        max_attempts: row.try_get("max_attempts")?,
        cancel_requested: row.try_get("cancel_requested")?,
        stage: row.try_get("stage")?,
        fraction: row.try_get("fraction")?,
        eta_s: row.try_get("eta_s")?,
        error: row
            .try_get::<_, Option<Json<Failure>>>("error")?
            .map(|failure| failure.0),
        created_at: row.try_get("created_at")?,
        started_at: row.try_get("started_at")?,
        finished_at: row.try_get("finished_at")?,
        event_seq: row.try_get("event_seq")?,
    })
}
