//! Outbox: messages that are true because their row was committed, sent by a relay afterwards.
//! Rows are written by `jobs`, in the same statements that put a job into the queue.

use deadpool_postgres::GenericClient;
use job::{Kind, Message};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{Error, Transaction, sql};

/// A message that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outgoing {
    /// Row to mark when the queue has taken it.
    pub id: i64,
    /// Which queue it goes to.
    pub kind: Kind,
    /// What to send.
    pub message: Message,
}

const INSERT: &str = "
    INSERT INTO outbox (job_id, kind) SELECT id, kind FROM jobs WHERE id = $1 AND status = 'queued'";

/// Writes a further message for a queued job; jobs that are not queued need none.
pub async fn insert(tx: &Transaction<'_>, job_id: Uuid) -> Result<bool, Error> {
    Ok(sql::execute(tx, INSERT, &[&job_id]).await? == 1)
}

const UNSENT: &str = "
    SELECT id, job_id, kind FROM outbox WHERE send_after <= now() ORDER BY send_after, id LIMIT $1
    FOR UPDATE SKIP LOCKED";

/// Due messages, oldest first, locked until the transaction ends so that two relays never send the same one.
/// Send them, [`mark_sent`], commit. A crash in between sends them twice, which a claim does not mind.
pub async fn unsent(tx: &Transaction<'_>, limit: i64) -> Result<Vec<Outgoing>, Error> {
    sql::rows(tx, UNSENT, &[&limit])
        .await?
        .iter()
        .map(from_row)
        .collect()
}

const MARK_SENT: &str = "DELETE FROM outbox WHERE id = ANY ($1)";

/// Removes messages that the queue has taken.
pub async fn mark_sent(tx: &Transaction<'_>, ids: &[i64]) -> Result<(), Error> {
    sql::execute(tx, MARK_SENT, &[&ids]).await?;
    Ok(())
}

const WAITING: &str = "SELECT count(*) AS waiting FROM outbox WHERE send_after <= now()";

/// How many messages are due and not sent, for health.
pub async fn waiting(client: &impl GenericClient) -> Result<i64, Error> {
    Ok(sql::one(client, WAITING, &[]).await?.try_get("waiting")?)
}

pub(crate) const STATEMENTS: &[&str] = &[INSERT, UNSENT, MARK_SENT, WAITING];

fn from_row(row: &Row) -> Result<Outgoing, Error> {
    Ok(Outgoing {
        id: row.try_get("id")?,
        kind: sql::word(row, "kind")?,
        message: Message {
            job_id: row.try_get("job_id")?,
        },
    })
}
