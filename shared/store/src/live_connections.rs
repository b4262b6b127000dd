//! Live connections: open WebSockets, and whose they are. Whoever tells a connection something, or changes what it
//! watches, locks its row first: what it is told has one order.

use uuid::Uuid;

use crate::{Error, GenericClient, Transaction, sql};

/// A connection that is being opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewConnection {
    /// The gateway's name for it.
    pub id: String,
    /// Who can reach it.
    pub gateway: String,
    /// Whose it is.
    pub user_id: Uuid,
}

/// Two that are opened at once are counted one after the other.
const LOCK_USER: &str = "SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE";

const INSERT: &str = "
    INSERT INTO live_connections (id, gateway, user_id)
    SELECT $1, $2, $3 WHERE $4 > (
        SELECT count(*) FROM live_connections WHERE user_id = $3 AND seen_at > now() - interval '15 minutes')";

/// Stores a connection, unless its owner has `at_most` others already.
pub async fn open(tx: &Transaction<'_>, new: &NewConnection, at_most: i64) -> Result<bool, Error> {
    sql::row(tx, LOCK_USER, &[&new.user_id]).await?;
    let (id, gateway) = (&new.id, &new.gateway);
    Ok(sql::execute(tx, INSERT, &[id, gateway, &new.user_id, &at_most]).await? > 0)
}

const HOLD: &str =
    "UPDATE live_connections SET seen_at = now() WHERE id = $1 AND gateway = $2 RETURNING user_id";

/// Locks a connection from which something has just been heard, and says whose it is.
pub async fn hold(tx: &Transaction<'_>, gateway: &str, id: &str) -> Result<Option<Uuid>, Error> {
    let row = sql::row(tx, HOLD, &[&id, &gateway]).await?;
    Ok(row.map(|row| row.try_get("user_id")).transpose()?)
}

const REMOVE: &str = "DELETE FROM live_connections WHERE id = ANY ($1) AND gateway = $2";

/// Forgets connections that are closed, and what they watched.
pub async fn remove(client: &impl GenericClient, gateway: &str, ids: &[&str]) -> Result<(), Error> {
    sql::execute(client, REMOVE, &[&ids, &gateway]).await?;
    Ok(())
}

// Written at most once a minute: a job in progress has news every second.
const REACHED: &str = "
    UPDATE live_connections SET seen_at = now() WHERE id = ANY ($1) AND seen_at < now() - interval '1 minute'";

/// Notes that connections were told something.
pub async fn reached(tx: &Transaction<'_>, ids: &[&str]) -> Result<(), Error> {
    sql::execute(tx, REACHED, &[&ids]).await?;
    Ok(())
}

const POSTPONE: &str =
    "UPDATE live_connections SET next_try_at = now() + interval '5 seconds' WHERE id = ANY ($1)";

/// Leaves connections alone for a moment: they could not be told.
pub async fn postpone(tx: &Transaction<'_>, ids: &[&str]) -> Result<(), Error> {
    sql::execute(tx, POSTPONE, &[&ids]).await?;
    Ok(())
}

pub(crate) const STATEMENTS: &[&str] = &[LOCK_USER, INSERT, HOLD, REMOVE, REACHED, POSTPONE];
