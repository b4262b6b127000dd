//! Live watches: which job a connection is told of, and how far it was told. All of this happens under the lock on the
//! connection's row.

use job::Status;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::access::Access;
use crate::{Error, Transaction, jobs, sql};

/// What came of wanting to watch a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It is watched from now on.
    Watched,
    /// This connection watched it before.
    Already,
    /// This connection watches as many as it may.
    TooMany,
    /// The job has only so many events.
    NoSuchEvent(i32),
}

const OF_CONNECTION: &str = "
    SELECT count(*) AS jobs, coalesce(bool_or(job_id = $2), false) AS this_one
    FROM live_watches WHERE connection_id = $1";

const INSERT: &str =
    "INSERT INTO live_watches (connection_id, job_id, sent_seq) VALUES ($1, $2, $3)";

/// Watches a job from after the given event on (0 for all). A stranger's job is [`Error::NotFound`].
pub async fn add(
    tx: &Transaction<'_>,
    by: Access,
    connection_id: &str,
    (job_id, after): (Uuid, i32),
    at_most: i64,
) -> Result<Added, Error> {
    let events = jobs::get_for(tx, by, job_id).await?.event_seq;
    if after > events {
        return Ok(Added::NoSuchEvent(events));
    }
    let row = sql::one(tx, OF_CONNECTION, &[&connection_id, &job_id]).await?;
    if row.try_get("this_one")? {
        return Ok(Added::Already);
    }
    if row.try_get::<_, i64>("jobs")? >= at_most {
        return Ok(Added::TooMany);
    }
    sql::execute(tx, INSERT, &[&connection_id, &job_id, &after]).await?;
    Ok(Added::Watched)
}

const REMOVE: &str = "DELETE FROM live_watches WHERE connection_id = $1 AND job_id = $2";

/// Stops watching a job; says whether it was watched.
pub async fn remove(
    tx: &Transaction<'_>,
    connection_id: &str,
    job_id: Uuid,
) -> Result<bool, Error> {
    Ok(sql::execute(tx, REMOVE, &[&connection_id, &job_id]).await? > 0)
}

/// Whether there is something to tell: an event, or that no other follows.
macro_rules! due {
    () => {
        "(w.is_new OR j.id IS NULL OR j.event_seq > w.sent_seq OR j.status IN ('completed', 'failed', 'cancelled'))"
    };
}

// Whoever holds a connection looks again after it has let go of it, so that it may be passed over here.
const LOCK_DUE: &str = concat!(
    "SELECT c.id FROM live_connections c
     WHERE c.gateway = $1 AND c.next_try_at <= now() AND c.id = ANY (ARRAY(
        SELECT w.connection_id FROM live_watches w LEFT JOIN jobs j ON j.id = w.job_id WHERE ",
    due!(),
    ")) LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED"
);

/// Connections of this gateway that lack something, locked until the transaction ends. Until none is given, there may be
/// more, those of which others thought that we see to them included.
pub async fn lock_due(
    tx: &Transaction<'_>,
    gateway: &str,
    limit: i64,
) -> Result<Vec<String>, Error> {
    let rows = sql::rows(tx, LOCK_DUE, &[&gateway, &limit]).await?;
    rows.iter().map(|row| Ok(row.try_get("id")?)).collect()
}

/// A connection that lacks something of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The connection.
    pub connection_id: String,
    /// The job.
    pub job_id: Uuid,
    /// The last event it was told; 0 for none.
    pub sent_seq: i32,
    /// The job's status and last event; none when it is gone, or the connection's owner may not see it any more.
    pub standing: Option<(Status, i32)>,
}

// A statement of its own after the lock: it sees what those who had the lock before have written.
const DUE: &str = concat!(
    "SELECT w.connection_id, w.job_id, w.sent_seq, j.status, j.event_seq,
        coalesce(project_role(c.user_id, j.project_id) IS NOT NULL, false) AS is_visible
     FROM live_watches w JOIN live_connections c ON c.id = w.connection_id LEFT JOIN jobs j ON j.id = w.job_id
     WHERE w.connection_id = ANY ($1) AND ",
    due!(),
    " LIMIT $2"
);

/// What these connections, which are locked, lack.
pub async fn due(
    tx: &Transaction<'_>,
    connection_ids: &[String],
    limit: i64,
) -> Result<Vec<Due>, Error> {
    let rows = sql::rows(tx, DUE, &[&connection_ids, &limit]).await?;
    rows.iter().map(from_row).collect()
}

const TOLD: &str = "
    UPDATE live_watches SET sent_seq = $3, is_new = false WHERE connection_id = $1 AND job_id = $2";

/// Notes that the connection was told everything up to this event.
pub async fn told(
    tx: &Transaction<'_>,
    connection_id: &str,
    job_id: Uuid,
    sent_seq: i32,
) -> Result<(), Error> {
    sql::execute(tx, TOLD, &[&connection_id, &job_id, &sent_seq]).await?;
    Ok(())
}

pub(crate) const STATEMENTS: &[&str] = &[OF_CONNECTION, INSERT, REMOVE, LOCK_DUE, DUE, TOLD];

fn from_row(row: &Row) -> Result<Due, Error> {
    let standing = if row.try_get("is_visible")? {
        Some((sql::word(row, "status")?, row.try_get("event_seq")?))
    } else {
        None
    };
    Ok(Due {
        connection_id: row.try_get("connection_id")?,
        job_id: row.try_get("job_id")?,
        sent_seq: row.try_get("sent_seq")?,
        standing,
    })
}
