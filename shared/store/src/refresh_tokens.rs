//! Refresh tokens: each is good once and replaced by the next; all of one log-in are a family. A used one that is shown
//! again was stolen, from the caller or by the caller, so it ends its family. Only hashes are kept.
//!
//! Whoever rotates or ends locks the user's row first: no new token can then slip into a family that is just ended.

use std::time::Duration;

use deadpool_postgres::GenericClient;
use uuid::Uuid;

use crate::{Error, Transaction, sql};

/// A token to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// Made by the caller, `UUIDv7`.
    pub id: Uuid,
    /// SHA-256 of the token.
    pub token_hash: [u8; 32],
    /// How long it is good.
    pub life: Duration,
}

/// A log-in: the family of its tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Family {
    /// Its id.
    pub id: Uuid,
    /// Who logged in.
    pub user_id: Uuid,
}

const INSERT: &str = "
    INSERT INTO refresh_tokens (id, family_id, user_id, token_hash, expires_at)
    VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))";

/// Stores a token of this log-in.
pub async fn insert(tx: &Transaction<'_>, family: Family, token: &NewToken) -> Result<(), Error> {
    let (hash, life_s) = (token.token_hash.as_slice(), token.life.as_secs_f64());
    sql::execute(
        tx,
        INSERT,
        &[&token.id, &family.id, &family.user_id, &hash, &life_s],
    )
    .await?;
    Ok(())
}

/// What came of showing a token. The transaction is to be committed in every case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// It was good; the next one is stored.
    Good(Family),
    /// It had been used before; its family has just ended.
    Reused(Family),
    /// It is unknown, expired, or of a family that had ended.
    Refused,
}

const LOCK_OWNER: &str = "
    SELECT users.id FROM users JOIN refresh_tokens ON refresh_tokens.user_id = users.id
    WHERE refresh_tokens.token_hash = $1 FOR NO KEY UPDATE OF users";

const USE: &str = "
    UPDATE refresh_tokens SET used_at = now()
    WHERE token_hash = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now()
    RETURNING family_id, user_id";

const END_REUSED: &str = "
    WITH shown AS (
        SELECT family_id, user_id FROM refresh_tokens WHERE token_hash = $1 AND used_at IS NOT NULL
    ), ended AS (
        UPDATE refresh_tokens SET revoked_at = now() FROM shown
        WHERE refresh_tokens.family_id = shown.family_id AND refresh_tokens.revoked_at IS NULL
        RETURNING refresh_tokens.id)
    SELECT family_id, user_id FROM shown WHERE EXISTS (SELECT FROM ended)";

/// Exchanges the token with this hash for the next one of its family.
pub async fn rotate(
    tx: &Transaction<'_>,
    shown: &[u8; 32],
    next: &NewToken,
) -> Result<Shown, Error> {
    let shown = shown.as_slice();
    if sql::row(tx, LOCK_OWNER, &[&shown]).await?.is_none() {
        return Ok(Shown::Refused);
    }
    if let Some(row) = sql::row(tx, USE, &[&shown]).await? {
        let family = family(&row)?;
        insert(tx, family, next).await?;
        return Ok(Shown::Good(family));
    }
    match sql::row(tx, END_REUSED, &[&shown]).await? {
        Some(row) => Ok(Shown::Reused(family(&row)?)),
        None => Ok(Shown::Refused),
    }
}

fn family(row: &tokio_postgres::Row) -> Result<Family, Error> {
    Ok(Family {
        id: row.try_get("family_id")?,
        user_id: row.try_get("user_id")?,
    })
}

const LOCK_USER: &str = "SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE";

const END: &str = "
    UPDATE refresh_tokens SET revoked_at = now()
    WHERE user_id = $1 AND family_id = $2 AND revoked_at IS NULL";

/// Ends this log-in.
pub async fn end(tx: &Transaction<'_>, family: Family) -> Result<(), Error> {
    sql::row(tx, LOCK_USER, &[&family.user_id]).await?;
    sql::execute(tx, END, &[&family.user_id, &family.id]).await?;
    Ok(())
}

const END_OTHERS: &str = "
    WITH ended AS (
        UPDATE refresh_tokens SET revoked_at = now()
        WHERE user_id = $1 AND family_id <> $2 AND revoked_at IS NULL RETURNING family_id)
    SELECT DISTINCT family_id FROM ended";

/// Ends all other log-ins of the same person; gives which.
pub async fn end_others(tx: &Transaction<'_>, family: Family) -> Result<Vec<Uuid>, Error> {
    sql::row(tx, LOCK_USER, &[&family.user_id]).await?;
    let rows = sql::rows(tx, END_OTHERS, &[&family.user_id, &family.id]).await?;
    rows.iter().map(family_id).collect()
}

const ENDED: &str = "
    SELECT DISTINCT family_id FROM refresh_tokens WHERE revoked_at > now() - make_interval(secs => $1)";

/// The log-ins that were ended within that time: logged out of, or because of a new password or a stolen token.
pub async fn ended_within(client: &impl GenericClient, time: Duration) -> Result<Vec<Uuid>, Error> {
    let rows = sql::rows(client, ENDED, &[&time.as_secs_f64()]).await?;
    rows.iter().map(family_id).collect()
}

fn family_id(row: &tokio_postgres::Row) -> Result<Uuid, Error> {
    Ok(row.try_get("family_id")?)
}

pub(crate) const STATEMENTS: &[&str] = &[
    INSERT, LOCK_OWNER, USE, END_REUSED, LOCK_USER, END, END_OTHERS, ENDED,
];
