//! A snapshot of the whole database, for a backup: what another program dumps under the snapshot's name and what is read
//! here are of the same moment.

use crate::{Client, Error, Transaction, sql};

/// A moment of the database, held until dropped.
pub struct Snapshot<'a> {
    tx: Transaction<'a>,
    name: String,
}

/// An object that the database refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referred {
    /// Key in the object store.
    pub key: String,
    /// Size.
    pub bytes: i64,
    /// SHA-256, hex.
    pub sha256: String,
}

const ALONE: &str = "SELECT pg_try_advisory_xact_lock(hashtext('leito backup')) AS is_alone";

/// The right to write backups of this database, held until it is dropped; none while somebody else has it. No moment is
/// held with it, so it stands in nobody's way.
pub async fn alone(client: &mut Client) -> Result<Option<Transaction<'_>>, Error> {
    let tx = client.transaction().await?;
    tx.batch_execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        .await?;
    let row = sql::one(&tx, ALONE, &[]).await?;
    Ok(row.try_get::<_, bool>("is_alone")?.then_some(tx))
}

const EXPORT: &str = "SELECT pg_export_snapshot() AS name";

/// Holds the present moment. The connection may rest meanwhile: the dump is made on another.
pub async fn hold(client: &mut Client) -> Result<Snapshot<'_>, Error> {
    let tx = client
        .build_transaction()
        .isolation_level(tokio_postgres::IsolationLevel::RepeatableRead)
        .start()
        .await?;
    tx.batch_execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        .await?;
    let name = sql::one(&tx, EXPORT, &[]).await?.try_get("name")?;
    Ok(Snapshot { tx, name })
}

const REFERRED: &str = "
    SELECT DISTINCT ON (key) key, bytes, sha256 FROM (
        SELECT object_key AS key, bytes, sha256 FROM bed_files
        UNION ALL
        SELECT file ->> 'key', (file ->> 'bytes')::bigint, file ->> 'sha256'
        FROM stage_outputs, jsonb_array_elements(files) file) AS one
    ORDER BY key";

impl Snapshot<'_> {
    /// What another program calls it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// All objects that were referred to at that moment, by key.
    pub async fn objects(&self) -> Result<Vec<Referred>, Error> {
        let rows = sql::rows(&self.tx, REFERRED, &[]).await?;
        rows.iter()
            .map(|row| {
                Ok(Referred {
                    key: row.try_get("key")?,
                    bytes: row.try_get("bytes")?,
                    sha256: row.try_get("sha256")?,
                })
            })
            .collect()
    }
}

pub(crate) const STATEMENTS: &[&str] = &[ALONE, EXPORT, REFERRED];
