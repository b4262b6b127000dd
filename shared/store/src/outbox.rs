//! Outbox: messages that are true because their row was committed, sent by a relay afterwards.
//! Rows are written by `jobs`, in the same statements that put a job into the queue.

use job::{Kind, Message};
use tokio_postgres::Row;

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

pub(crate) const STATEMENTS: &[&str] = &[UNSENT, MARK_SENT];

fn from_row(row: &Row) -> Result<Outgoing, Error> {
    Ok(Outgoing {
        id: row.try_get("id")?,
        kind: sql::word(row, "kind")?,
        message: Message {
            job_id: row.try_get("job_id")?,
        },
    })
}
