//! Job events, read only: they are written by the statements in `jobs` that change the job.

use deadpool_postgres::GenericClient;
use job::Event;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::stage_outputs::{self, StageOutput};
use crate::{Error, sql};

const LIST: &str = "
    SELECT seq, at, kind, data FROM job_events WHERE job_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";

/// Events of a job after the given number (0 for all), in order. An unknown job has none.
pub async fn list(
    client: &impl GenericClient,
    job_id: Uuid,
    after: i32,
    limit: i64,
) -> Result<Vec<Event>, Error> {
    sql::rows(client, LIST, &[&job_id, &after, &limit])
        .await?
        .iter()
        .map(from_row)
        .collect()
}

const LAST: &str = "
    SELECT seq, at, kind, data FROM job_events WHERE job_id = $1 ORDER BY seq DESC LIMIT $2";

/// The last events of a job, in order.
pub async fn last(
    client: &impl GenericClient,
    job_id: Uuid,
    limit: i64,
) -> Result<Vec<Event>, Error> {
    let rows = sql::rows(client, LAST, &[&job_id, &limit]).await?;
    rows.iter().rev().map(from_row).collect()
}

const LAST_STAGE: &str = "
    SELECT s.key, s.stage, s.output, s.files
    FROM job_events e JOIN stage_outputs s ON s.key = e.data ->> 'key'
    WHERE e.job_id = $1 AND e.kind IN ('stage_finished', 'reused') ORDER BY e.seq DESC LIMIT 1";

/// What the last stage that a job finished, or found finished, left in the store.
pub async fn last_stage(
    client: &impl GenericClient,
    job_id: Uuid,
) -> Result<Option<StageOutput>, Error> {
    sql::row(client, LAST_STAGE, &[&job_id])
        .await?
        .as_ref()
        .map(stage_outputs::from_row)
        .transpose()
}

pub(crate) const STATEMENTS: &[&str] = &[LIST, LAST, LAST_STAGE];

fn from_row(row: &Row) -> Result<Event, Error> {
    Ok(Event {
        seq: row.try_get("seq")?,
        at: row.try_get("at")?,
        kind: sql::word(row, "kind")?,
        data: row.try_get("data")?,
    })
}
