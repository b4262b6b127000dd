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
    FROM bed_files WHERE bed_id = $1 AND id > $2 ORDER BY id OFFSET $3 LIMIT $4";

/// A page of a bed's files in the order they were recorded, after the given id.
pub async fn list(
    client: &impl GenericClient,
    bed_id: Uuid,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<File>, Error> {
    let page = Page {
        after,
        offset: 0,
        limit,
    };
    search(client, bed_id, Filter::default(), page).await
}

/// Which files of a bed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter<'a> {
    /// Of this kind.
    pub kind: Option<&'a str>,
    /// Of this simulation.
    pub simulation_id: Option<Uuid>,
}

const LIST_OF_KIND: &str = "
    SELECT id, bed_id, simulation_id, kind, name, object_key, content_type, bytes, sha256, created_at
    FROM bed_files WHERE bed_id = $1 AND kind = $2 AND id > $3 ORDER BY id OFFSET $4 LIMIT $5";

const LIST_OF_SIMULATION: &str = "
    SELECT id, bed_id, simulation_id, kind, name, object_key, content_type, bytes, sha256, created_at
    FROM bed_files WHERE bed_id = $1 AND simulation_id = $2 AND ($3::text IS NULL OR kind = $3) AND id > $4
    ORDER BY id OFFSET $5 LIMIT $6";

/// A page of those files of a bed that the filter lets through, in the order they were recorded.
pub async fn search(
    client: &impl GenericClient,
    bed_id: Uuid,
    filter: Filter<'_>,
    page: Page,
) -> Result<Vec<File>, Error> {
    let after = page.after.unwrap_or(Uuid::nil());
    let Page { offset, limit, .. } = page;
    let rows = match (filter.simulation_id, filter.kind) {
        (Some(simulation), kind) => {
            let parameters: sql::Parameters<'_> =
                &[&bed_id, &simulation, &kind, &after, &offset, &limit];
            sql::rows(client, LIST_OF_SIMULATION, parameters).await?
        }
        (None, Some(kind)) => {
            let parameters: sql::Parameters<'_> = &[&bed_id, &kind, &after, &offset, &limit];
            sql::rows(client, LIST_OF_KIND, parameters).await?
        }
        (None, None) => sql::rows(client, LIST, &[&bed_id, &after, &offset, &limit]).await?,
    };
    rows.iter().map(from_row).collect()
}

/// Which part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Only what was recorded after this.
    pub after: Option<Uuid>,
    /// So many are skipped.
    pub offset: i64,
    /// At most so many.
    pub limit: i64,
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

const DELETE: &str = "
    WITH gone AS (DELETE FROM bed_files WHERE bed_id = $1 AND id = $2 RETURNING object_key)
    INSERT INTO object_tombstones (object_key) SELECT object_key FROM gone
    ON CONFLICT (object_key) DO UPDATE SET since = now()";

/// Deletes a file of a bed and buries its object, which lives on while another bed or a stored stage uses it. False
/// when the bed has no such file.
pub async fn delete(tx: &Transaction<'_>, bed_id: Uuid, id: Uuid) -> Result<bool, Error> {
    Ok(sql::execute(tx, DELETE, &[&bed_id, &id]).await? == 1)
}

pub(crate) const STATEMENTS: &[&str] = &[
    INSERT,
    LIST,
    LIST_OF_KIND,
    LIST_OF_SIMULATION,
    OF_SIMULATION,
    FIND,
    DELETE,
];

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
