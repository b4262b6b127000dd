//! API keys: how programs enter. Only their hashes are kept.

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{Error, Transaction, sql};

/// A key to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// Made by the caller, `UUIDv7`.
    pub id: Uuid,
    /// Whose it is.
    pub user_id: Uuid,
    /// What it is for, in its owner's words.
    pub name: String,
    /// The beginning of the key.
    pub hint: String,
    /// SHA-256 of the key.
    pub key_hash: [u8; 32],
    /// `read`, `write` or both.
    pub scopes: Vec<String>,
    /// None: until it is revoked.
    pub expires_at: Option<Timestamp>,
}

/// What is kept of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: Uuid,
    /// What it is for, in its owner's words.
    pub name: String,
    /// The beginning of the key.
    pub hint: String,
    /// `read`, `write` or both.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// None: until it is revoked.
    pub expires_at: Option<Timestamp>,
    /// To the minute.
    pub last_used_at: Option<Timestamp>,
    /// From when on it opens nothing.
    pub revoked_at: Option<Timestamp>,
}

/// The columns [`from_row`] reads.
macro_rules! columns {
    () => {
        "id, name, hint, scopes, created_at, expires_at, last_used_at, revoked_at"
    };
}

const INSERT: &str = concat!(
    "INSERT INTO api_keys (id, user_id, name, hint, key_hash, scopes, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ",
    columns!()
);

/// Stores a key.
pub async fn insert(tx: &Transaction<'_>, key: &NewKey) -> Result<ApiKey, Error> {
    let row = sql::one(
        tx,
        INSERT,
        &[
            &key.id,
            &key.user_id,
            &key.name,
            &key.hint,
            &key.key_hash.as_slice(),
            &key.scopes,
            &key.expires_at,
        ],
    )
    .await?;
    from_row(&row)
}

const COUNT: &str = "
    SELECT count(*) AS keys FROM api_keys
    WHERE user_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())";

/// How many of somebody's keys still open something.
pub async fn count(client: &impl GenericClient, user_id: Uuid) -> Result<i64, Error> {
    let row = sql::one(client, COUNT, &[&user_id]).await?;
    Ok(row.try_get("keys")?)
}

const LIST: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM api_keys WHERE user_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3 OFFSET $4"
);

/// A page of somebody's keys, newest first: those below the id.
pub async fn list(
    client: &impl GenericClient,
    user_id: Uuid,
    before: Option<Uuid>,
    (limit, offset): (i64, i64),
) -> Result<Vec<ApiKey>, Error> {
    let before = before.unwrap_or(Uuid::max());
    sql::rows(client, LIST, &[&user_id, &before, &limit, &offset])
        .await?
        .iter()
        .map(from_row)
        .collect()
}

const REVOKE: &str = concat!(
    "UPDATE api_keys SET revoked_at = COALESCE(revoked_at, now()) WHERE user_id = $1 AND id = $2 RETURNING ",
    columns!()
);

/// Makes one of somebody's keys useless for ever; one that is none of theirs is [`Error::NotFound`].
pub async fn revoke(tx: &Transaction<'_>, user_id: Uuid, id: Uuid) -> Result<ApiKey, Error> {
    let row = sql::row(tx, REVOKE, &[&user_id, &id]).await?;
    from_row(&row.ok_or_else(|| Error::not_found("API key", id))?)
}

/// What a valid key opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The key's id.
    pub id: Uuid,
    /// Whose it is.
    pub user_id: Uuid,
    /// `read`, `write` or both.
    pub scopes: Vec<String>,
}

const OPEN: &str = "
    SELECT id, user_id, scopes, last_used_at IS NULL OR last_used_at < now() - interval '1 minute' AS is_stale
    FROM api_keys WHERE key_hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())";

const USED: &str = "
    UPDATE api_keys SET last_used_at = now()
    WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')";

/// The key with this hash, unless it is revoked, expired or none. That it was used is written down at most once a minute,
/// by a statement of its own, so that reading with a key stays reading.
pub async fn open(
    client: &impl GenericClient,
    key_hash: &[u8; 32],
) -> Result<Option<Opened>, Error> {
    let Some(row) = sql::row(client, OPEN, &[&key_hash.as_slice()]).await? else {
        return Ok(None);
    };
    let id: Uuid = row.try_get("id")?;
    if row.try_get("is_stale")? {
        sql::execute(client, USED, &[&id]).await?;
    }
    Ok(Some(Opened {
        id,
        user_id: row.try_get("user_id")?,
        scopes: row.try_get("scopes")?,
    }))
}

pub(crate) const STATEMENTS: &[&str] = &[INSERT, COUNT, LIST, REVOKE, OPEN, USED];

fn from_row(row: &Row) -> Result<ApiKey, Error> {
    Ok(ApiKey {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        hint: row.try_get("hint")?,
        scopes: row.try_get("scopes")?,
        created_at: row.try_get("created_at")?,
        expires_at: row.try_get("expires_at")?,
        last_used_at: row.try_get("last_used_at")?,
        revoked_at: row.try_get("revoked_at")?,
    })
}
