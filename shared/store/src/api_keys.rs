//! API keys: how programs enter. Only their hashes are kept.

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
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

const INSERT: &str = "
    INSERT INTO api_keys (id, user_id, name, hint, key_hash, scopes, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";

/// Stores a key.
pub async fn insert(tx: &Transaction<'_>, key: &NewKey) -> Result<(), Error> {
    sql::execute(
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
    Ok(())
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

// Written at most once a minute, so that reading with a key stays reading.
const OPEN: &str = "
    WITH valid AS (
        SELECT id, user_id, scopes FROM api_keys
        WHERE key_hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
    ), used AS (
        UPDATE api_keys SET last_used_at = now() FROM valid
        WHERE api_keys.id = valid.id
            AND (api_keys.last_used_at IS NULL OR api_keys.last_used_at < now() - interval '1 minute'))
    SELECT id, user_id, scopes FROM valid";

/// The key with this hash, unless it is revoked, expired or none.
pub async fn open(
    client: &impl GenericClient,
    key_hash: &[u8; 32],
) -> Result<Option<Opened>, Error> {
    let row = sql::row(client, OPEN, &[&key_hash.as_slice()]).await?;
    row.map(|row| {
        Ok(Opened {
            id: row.try_get("id")?,
            user_id: row.try_get("user_id")?,
            scopes: row.try_get("scopes")?,
        })
    })
    .transpose()
}

pub(crate) const STATEMENTS: &[&str] = &[INSERT, OPEN];
