//! Stage outputs under their content hash: cache and checkpoint in one. Written once, never changed.

use std::time::Duration;

use deadpool_postgres::GenericClient;
use tokio_postgres::Row;

use crate::{Error, Transaction, sql};

/// What a finished stage gave.
#[derive(Debug, Clone, PartialEq)]
pub struct StageOutput {
    /// SHA-256 over everything the stage depends on, hex.
    pub key: String,
    /// packing, mesh or flow.
    pub stage: String,
    /// Its numbers.
    pub output: serde_json::Value,
    /// Its files in the object store, a JSON array.
    pub files: serde_json::Value,
}

const FIND: &str = "SELECT key, stage, output, files FROM stage_outputs WHERE key = $1";

/// The output stored under that hash, if any.
pub async fn find(client: &impl GenericClient, key: &str) -> Result<Option<StageOutput>, Error> {
    sql::row(client, FIND, &[&key])
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

const PUBLISH: &str = "
    INSERT INTO stage_outputs (key, stage, output, files) VALUES ($1, $2, $3, $4) ON CONFLICT (key) DO NOTHING";

/// Stores an output; false when one was there already, which then stays: equal hashes mean equal outputs.
/// Needs no lease: whoever computed it, it is the right answer.
pub async fn publish(client: &impl GenericClient, output: &StageOutput) -> Result<bool, Error> {
    let stored = sql::execute(
        client,
        PUBLISH,
        &[&output.key, &output.stage, &output.output, &output.files],
    )
    .await?;
    Ok(stored == 1)
}

const FORGET: &str = "DELETE FROM stage_outputs WHERE key = $1";

/// Removes an output whose files are gone; false when there was none.
pub async fn forget(client: &impl GenericClient, key: &str) -> Result<bool, Error> {
    Ok(sql::execute(client, FORGET, &[&key]).await? == 1)
}

const EXPIRE: &str = "
    WITH expired AS (
        DELETE FROM stage_outputs WHERE key IN (
            SELECT s.key FROM stage_outputs s
            WHERE s.created_at < now() - make_interval(secs => $1) AND NOT EXISTS (
                SELECT FROM jsonb_array_elements(s.files) file JOIN bed_files f ON f.object_key = file ->> 'key')
            ORDER BY s.created_at LIMIT $2 FOR UPDATE SKIP LOCKED)
        RETURNING key, files
    ), buried AS (
        INSERT INTO object_tombstones (object_key)
        SELECT DISTINCT file ->> 'key' AS object_key
        FROM expired, jsonb_array_elements(expired.files) file
        WHERE file ->> 'key' <> '' ORDER BY object_key
        ON CONFLICT (object_key) DO UPDATE SET since = now())
    SELECT key FROM expired";

/// Removes outputs made more than `unused_for` ago of whose files no bed has any, and buries their objects: a cache entry
/// lives as long as a bed shows what it gave, and so long at least. Gives the keys of the removed ones.
pub async fn expire(
    tx: &Transaction<'_>,
    unused_for: Duration,
    limit: i64,
) -> Result<Vec<String>, Error> {
    let rows = sql::rows(tx, EXPIRE, &[&unused_for.as_secs_f64(), &limit]).await?;
    rows.iter().map(|row| Ok(row.try_get("key")?)).collect()
}

pub(crate) const STATEMENTS: &[&str] = &[FIND, PUBLISH, FORGET, EXPIRE];

pub(crate) fn from_row(row: &Row) -> Result<StageOutput, Error> {
    Ok(StageOutput {
        key: row.try_get("key")?,
        stage: row.try_get("stage")?,
        output: row.try_get("output")?,
        files: row.try_get("files")?,
    })
}
