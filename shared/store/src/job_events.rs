//! Job events, read only: they are written by the statements in `jobs` that change the job.

use deadpool_postgres::GenericClient;
use job::Event;
use tokio_postgres::Row;
use uuid::Uuid;

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

pub(crate) const STATEMENTS: &[&str] = &[LIST];

fn from_row(row: &Row) -> Result<Event, Error> {
    Ok(Event {
        seq: row.try_get("seq")?,
        at: row.try_get("at")?,
        kind: sql::word(row, "kind")?,
        data: row.try_get("data")?,
    })
}
