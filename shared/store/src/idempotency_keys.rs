//! Idempotency keys: the stored answer to a request that its sender may repeat.

use std::collections::BTreeMap;
use std::time::Duration;

use deadpool_postgres::GenericClient;
use tokio_postgres::Row;
use tokio_postgres::types::Json;

use crate::{Error, sql};

/// Which request it is: the key is its sender's choice, unique for one owner and route.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Who sends it.
    pub owner: &'a str,
    /// Method and route, such as `POST /beds`.
    pub route: &'a str,
    /// The header's value.
    pub key: &'a str,
    /// SHA-256 of the body, hex.
    pub request_hash: &'a str,
}

/// An answer to give again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status_code: i32,
    /// The headers that matter.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: Vec<u8>,
}

/// What to do with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begin {
    /// First of its kind: handle it, then [`finish`] or [`forget`].
    New,
    /// Answered before: give the same answer.
    Answered(Answer),
    /// The first one is still being handled.
    Running,
    /// The key was used with another body.
    Mismatch,
}

/// How long an answer is kept.
pub const KEPT_FOR: Duration = Duration::from_hours(24);
/// After this long without an answer the first handler is taken for dead.
pub const LOCKED_FOR: Duration = Duration::from_mins(1);

/// Takes the key when it is new, expired, or was left by a handler that died with the same body.
const TAKE: &str = "
    INSERT INTO idempotency_keys AS old (owner, route, key, request_hash, locked_until, expires_at)
    VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5), now() + make_interval(secs => $6))
    ON CONFLICT (owner, route, key) DO UPDATE SET request_hash = excluded.request_hash,
        locked_until = excluded.locked_until, expires_at = excluded.expires_at, created_at = now(),
        status_code = NULL, headers = NULL, body = NULL
    WHERE old.expires_at < now()
        OR (old.status_code IS NULL AND old.locked_until < now() AND old.request_hash = excluded.request_hash)";

const FIND: &str = "
    SELECT request_hash, status_code, headers, body FROM idempotency_keys WHERE owner = $1 AND route = $2 AND key = $3";

/// Decides what to do with a request. Commits at once: give it a client, not the handler's transaction.
pub async fn begin(client: &impl GenericClient, request: &Request<'_>) -> Result<Begin, Error> {
    let (locked, kept) = (LOCKED_FOR.as_secs_f64(), KEPT_FOR.as_secs_f64());
    let Request {
        owner,
        route,
        key,
        request_hash,
    } = request;
    if sql::execute(
        client,
        TAKE,
        &[owner, route, key, request_hash, &locked, &kept],
    )
    .await?
        == 1
    {
        return Ok(Begin::New);
    }
    let Some(row) = sql::row(client, FIND, &[owner, route, key]).await? else {
        // Given up between the two statements; its sender may try again.
        return Ok(Begin::Running);
    };
    if row.try_get::<_, &str>("request_hash")? != *request_hash {
        return Ok(Begin::Mismatch);
    }
    Ok(answer(&row)?.map_or(Begin::Running, Begin::Answered))
}

const FINISH: &str = "
    UPDATE idempotency_keys SET status_code = $5, headers = $6, body = $7
    WHERE owner = $1 AND route = $2 AND key = $3 AND request_hash = $4 AND status_code IS NULL";

/// Stores the answer, best in the transaction that makes it true. False when somebody else took the key over.
pub async fn finish(
    client: &impl GenericClient,
    request: &Request<'_>,
    answer: &Answer,
) -> Result<bool, Error> {
    let Request {
        owner,
        route,
        key,
        request_hash,
    } = request;
    let headers = Json(&answer.headers);
    let stored = sql::execute(
        client,
        FINISH,
        &[
            owner,
            route,
            key,
            request_hash,
            &answer.status_code,
            &headers,
            &answer.body,
        ],
    )
    .await?;
    Ok(stored == 1)
}

const FORGET: &str = "
    DELETE FROM idempotency_keys
    WHERE owner = $1 AND route = $2 AND key = $3 AND request_hash = $4 AND status_code IS NULL";

/// Frees the key of a request that failed on our side, so that it can be sent again.
pub async fn forget(client: &impl GenericClient, request: &Request<'_>) -> Result<(), Error> {
    let Request {
        owner,
        route,
        key,
        request_hash,
    } = request;
    sql::execute(client, FORGET, &[owner, route, key, request_hash]).await?;
    Ok(())
}

/// A key that is just being taken again is locked, and so left alone.
const EXPIRE: &str = "
    DELETE FROM idempotency_keys WHERE (owner, route, key) IN (
        SELECT owner, route, key FROM idempotency_keys WHERE expires_at < now() ORDER BY expires_at LIMIT $1
        FOR UPDATE SKIP LOCKED)";

/// Removes at most `limit` of those that have expired, the oldest first, and gives the number.
pub async fn expire(client: &impl GenericClient, limit: i64) -> Result<u64, Error> {
    sql::execute(client, EXPIRE, &[&limit]).await
}

pub(crate) const STATEMENTS: &[&str] = &[TAKE, FIND, FINISH, FORGET, EXPIRE];

fn answer(row: &Row) -> Result<Option<Answer>, Error> {
    let (Some(status_code), Some(headers), Some(body)) = (
        row.try_get("status_code")?,
        row.try_get::<_, Option<Json<BTreeMap<String, String>>>>("headers")?,
        row.try_get("body")?,
    ) else {
        return Ok(None);
    };
    Ok(Some(Answer {
        status_code,
        headers: headers.0,
        body,
    }))
}
