//! Stage outputs under their content hash: cache and checkpoint in one. Written once, never changed.

use deadpool_postgres::GenericClient;
use tokio_postgres::Row;

use crate::{Error, sql};

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

pub(crate) const STATEMENTS: &[&str] = &[FIND, PUBLISH, FORGET];

pub(crate) fn from_row(row: &Row) -> Result<StageOutput, Error> {
    Ok(StageOutput {
        key: row.try_get("key")?,
        stage: row.try_get("stage")?,
        output: row.try_get("output")?,
        files: row.try_get("files")?,
    })
}
