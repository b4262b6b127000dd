//! Files: which objects in the store belong to a bed or one of its simulations.

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{Error, Transaction, sql};

/// A file to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewFile {
    /// Made by the caller, `UUIDv7`.
    pub id: Uuid,
    /// What it is, such as `particles`, `glb`, `case`, `picture`, `log`.
    pub kind: String,
    /// Name to download it under, without a folder.
    pub name: String,
    /// Key in the object store.
    pub object_key: String,
    /// Media type.
    pub content_type: String,
    /// Size.
    pub bytes: i64,
    /// SHA-256 of the content, hex.
    pub sha256: String,
}

/// A stored file.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    /// Its id.
    pub id: Uuid,
    /// The bed it belongs to.
    pub bed_id: Uuid,
    /// The simulation it belongs to; none for a file of the packing.
    pub simulation_id: Option<Uuid>,
    /// What it is.
    pub kind: String,
    /// Name to download it under.
    pub name: String,
    /// Key in the object store.
    pub object_key: String,
    /// Media type.
    pub content_type: String,
    /// Size.
    pub bytes: i64,
    /// SHA-256 of the content, hex.
    pub sha256: String,
    /// When it was recorded.
    pub created_at: Timestamp,
}

/// The same object of the same bed and simulation is recorded once, however often its job is repeated.
const INSERT: &str = "
    INSERT INTO bed_files (bed_id, simulation_id, id, kind, name, object_key, content_type, bytes, sha256)
    SELECT $1, $2, * FROM UNNEST($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::text[])
    ON CONFLICT (bed_id, simulation_id, object_key) DO NOTHING";

/// Records files in one statement.
pub async fn insert(
    tx: &Transaction<'_>,
    bed_id: Uuid,
    simulation_id: Option<Uuid>,
    files: &[NewFile],
) -> Result<(), Error> {
    let id: Vec<Uuid> = files.iter().map(|file| file.id).collect();
    let kind: Vec<&str> = files.iter().map(|file| file.kind.as_str()).collect();
    let name: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let key: Vec<&str> = files.iter().map(|file| file.object_key.as_str()).collect();
    let content: Vec<&str> = files
        .iter()
        .map(|file| file.content_type.as_str())
        .collect();
    let bytes: Vec<i64> = files.iter().map(|file| file.bytes).collect();
    let sha256: Vec<&str> = files.iter().map(|file| file.sha256.as_str()).collect();
    sql::execute(
        tx,
        INSERT,
        &[
            &bed_id,
            &simulation_id,
            &id,
            &kind,
            &name,
            &key,
            &content,
            &bytes,
            &sha256,
        ],
    )
    .await?;
    Ok(())
}

const LIST: &str = "
    SELECT id, bed_id, simulation_id, kind, name, object_key, content_type, bytes, sha256, created_at
    FROM bed_files WHERE bed_id = $1 AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3";

/// A page of a bed's files in the order they were recorded, after the given id.
pub async fn list(
    client: &impl GenericClient,
    bed_id: Uuid,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<File>, Error> {
    sql::rows(client, LIST, &[&bed_id, &after, &limit])
        .await?
        .iter()
        .map(from_row)
        .collect()
}

const OF_SIMULATION: &str = "
    SELECT id, bed_id, simulation_id, kind, name, object_key, content_type, bytes, sha256, created_at
    FROM bed_files WHERE simulation_id = $1 ORDER BY id";

/// All files of one simulation.
pub async fn of_simulation(
    client: &impl GenericClient,
    simulation_id: Uuid,
) -> Result<Vec<File>, Error> {
    sql::rows(client, OF_SIMULATION, &[&simulation_id])
        .await?
        .iter()
        .map(from_row)
        .collect()
}

const FIND: &str = "
    SELECT id, bed_id, simulation_id, kind, name, object_key, content_type, bytes, sha256, created_at
    FROM bed_files WHERE bed_id = $1 AND id = $2";

/// One file of a bed, if there is one; another bed's file is none.
pub async fn find(
    client: &impl GenericClient,
    bed_id: Uuid,
    id: Uuid,
) -> Result<Option<File>, Error> {
    sql::row(client, FIND, &[&bed_id, &id])
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// One file of a bed, or [`Error::NotFound`].
pub async fn get(client: &impl GenericClient, bed_id: Uuid, id: Uuid) -> Result<File, Error> {
    find(client, bed_id, id)
        .await?
        .ok_or_else(|| Error::not_found("file", id))
}

pub(crate) const STATEMENTS: &[&str] = &[INSERT, LIST, OF_SIMULATION, FIND];

fn from_row(row: &Row) -> Result<File, Error> {
    Ok(File {
        id: row.try_get("id")?,
        bed_id: row.try_get("bed_id")?,
        simulation_id: row.try_get("simulation_id")?,
        kind: row.try_get("kind")?,
        name: row.try_get("name")?,
        object_key: row.try_get("object_key")?,
        content_type: row.try_get("content_type")?,
        bytes: row.try_get("bytes")?,
        sha256: row.try_get("sha256")?,
        created_at: row.try_get("created_at")?,
    })
}
