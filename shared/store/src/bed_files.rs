//! Files: which objects in the store belong to a bed or one of its simulations.

mod pages;

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{Error, Transaction, sql};

pub use pages::{Filter, Page, list, search};

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
    /// What it unpacks to, if it is one that Leito compressed.
    pub unpacked: Option<Unpacked>,
}

/// What a compressed file unpacks to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpacked {
    /// Size.
    pub bytes: i64,
    /// SHA-256, hex.
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
    /// What it unpacks to, if it is one that Leito compressed.
    pub unpacked: Option<Unpacked>,
    /// When it was recorded.
    pub created_at: Timestamp,
}

impl File {
    /// The name of its content: `a.csv` of a file `a.csv.gz` that Leito compressed.
    pub fn content_name(&self) -> &str {
        let packed = self.unpacked.as_ref();
        packed
            .and_then(|_| self.name.strip_suffix(".gz"))
            .unwrap_or(&self.name)
    }
}

/// The columns [`from_row`] reads.
macro_rules! columns {
    () => {
        "id, bed_id, simulation_id, kind, name, object_key, content_type, bytes, sha256, unpacked_bytes, unpacked_sha256, \
         created_at"
    };
}
use columns;

/// The same object of the same bed and simulation is recorded once, however often its job is repeated.
const INSERT: &str = "
    INSERT INTO bed_files (bed_id, simulation_id, id, kind, name, object_key, content_type, bytes, sha256, unpacked_bytes,
        unpacked_sha256)
    SELECT $1, $2, * FROM UNNEST($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::text[],
        $10::bigint[], $11::text[])
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
    let unpacked = || files.iter().map(|file| file.unpacked.as_ref());
    let unpacked_bytes: Vec<Option<i64>> = unpacked().map(|it| Some(it?.bytes)).collect();
    let unpacked_sha256: Vec<Option<&str>> = unpacked().map(|it| Some(&*it?.sha256)).collect();
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
            &unpacked_bytes,
            &unpacked_sha256,
        ],
    )
    .await?;
    Ok(())
}

const OF_SIMULATION: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM bed_files WHERE simulation_id = $1 ORDER BY id"
);

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

const FIND: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM bed_files WHERE bed_id = $1 AND id = $2"
);

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

const FORGET: &str = "DELETE FROM bed_files WHERE object_key = $1";

/// Removes an object that is lost or damaged from every bed that shows it; gives from how many.
pub async fn forget_object(tx: &Transaction<'_>, object_key: &str) -> Result<u64, Error> {
    sql::execute(tx, FORGET, &[&object_key]).await
}

pub(crate) const STATEMENTS: &[&str] = &[
    INSERT,
    pages::LIST,
    pages::LIST_OF_KIND,
    pages::LIST_OF_SIMULATION,
    OF_SIMULATION,
    FIND,
    DELETE,
    FORGET,
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
        unpacked: unpacked(row)?,
        created_at: row.try_get("created_at")?,
    })
}

fn unpacked(row: &Row) -> Result<Option<Unpacked>, Error> {
    let bytes: Option<i64> = row.try_get("unpacked_bytes")?;
    let sha256: Option<String> = row.try_get("unpacked_sha256")?;
    Ok(bytes
        .zip(sha256)
        .map(|(bytes, sha256)| Unpacked { bytes, sha256 }))
}
