//! Live tickets: each lets its owner open one WebSocket, once and soon. Only hashes are kept.

use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

use crate::{Error, GenericClient, Transaction, sql};

const INSERT: &str = "
    INSERT INTO live_tickets (token_hash, user_id, expires_at) VALUES ($1, $2, now() + make_interval(secs => $3))
    RETURNING expires_at";

/// Stores a ticket with this hash (SHA-256) and says until when it is good.
pub async fn insert(
    tx: &Transaction<'_>,
    token_hash: &[u8; 32],
    user_id: Uuid,
    life: Duration,
) -> Result<Timestamp, Error> {
    let (hash, life_s) = (token_hash.as_slice(), life.as_secs_f64());
    let row = sql::one(tx, INSERT, &[&hash, &user_id, &life_s]).await?;
    Ok(row.try_get("expires_at")?)
}

const USE: &str =
    "DELETE FROM live_tickets WHERE token_hash = $1 AND expires_at > now() RETURNING user_id";

/// Uses the ticket up and says whose it was; none when it is unknown, used or over.
pub async fn take(
    client: &impl GenericClient,
    token_hash: &[u8; 32],
) -> Result<Option<Uuid>, Error> {
    let row = sql::row(client, USE, &[&token_hash.as_slice()]).await?;
    Ok(row.map(|row| row.try_get("user_id")).transpose()?)
}

pub(crate) const STATEMENTS: &[&str] = &[INSERT, USE];
