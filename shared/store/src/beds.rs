//! Beds: the specification as given, with the columns searches need.

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{Error, Transaction, sql};

/// A bed to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewBed {
    /// Made by the caller, `UUIDv7`.
    pub id: Uuid,
    /// Given by its author.
    pub name: String,
    /// The whole specification, a JSON object.
    pub spec: serde_json::Value,
    /// SHA-256 of the normalised specification, hex.
    pub spec_hash: String,
    /// Inner diameter of the tube.
    pub tube_diameter_m: f64,
    /// Height of the tube.
    pub tube_height_m: f64,
    /// Diameter of a particle.
    pub particle_diameter_m: f64,
    /// Given, or derived from the target height.
    pub particle_count: i32,
}

/// A stored bed.
#[derive(Debug, Clone, PartialEq)]
pub struct Bed {
    /// Its id.
    pub id: Uuid,
    /// Given by its author.
    pub name: String,
    /// The whole specification, a JSON object.
    pub spec: serde_json::Value,
    /// SHA-256 of the normalised specification, hex.
    pub spec_hash: String,
    /// Inner diameter of the tube.
    pub tube_diameter_m: f64,
    /// Height of the tube.
    pub tube_height_m: f64,
    /// Diameter of a particle.
    pub particle_diameter_m: f64,
    /// Given, or derived from the target height.
    pub particle_count: i32,
    /// Grows with every change: the `ETag`.
    pub version: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

const INSERT: &str = "
    INSERT INTO beds (id, name, spec, spec_hash, tube_diameter_m, tube_height_m, particle_diameter_m, particle_count)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    RETURNING id, name, spec, spec_hash, tube_diameter_m, tube_height_m, particle_diameter_m, particle_count, version,
        created_at, updated_at";

/// Stores a bed.
pub async fn insert(tx: &Transaction<'_>, bed: &NewBed) -> Result<Bed, Error> {
    let row = sql::one(
        tx,
        INSERT,
        &[
            &bed.id,
            &bed.name,
            &bed.spec,
            &bed.spec_hash,
            &bed.tube_diameter_m,
            &bed.tube_height_m,
            &bed.particle_diameter_m,
            &bed.particle_count,
        ],
    )
    .await?;
    from_row(&row)
}

const FIND: &str = "
    SELECT id, name, spec, spec_hash, tube_diameter_m, tube_height_m, particle_diameter_m, particle_count, version,
        created_at, updated_at
    FROM beds WHERE id = $1";

/// The bed, if there is one.
pub async fn find(client: &impl GenericClient, id: Uuid) -> Result<Option<Bed>, Error> {
    sql::row(client, FIND, &[&id])
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// The bed, or [`Error::NotFound`].
pub async fn get(client: &impl GenericClient, id: Uuid) -> Result<Bed, Error> {
    find(client, id)
        .await?
        .ok_or_else(|| Error::not_found("bed", id))
}

const LOCK: &str = "
    SELECT id, name, spec, spec_hash, tube_diameter_m, tube_height_m, particle_diameter_m, particle_count, version,
        created_at, updated_at
    FROM beds WHERE id = $1 FOR NO KEY UPDATE";

/// The bed, or [`Error::NotFound`]; others who lock it wait until the transaction ends, readers do not.
pub async fn lock(tx: &Transaction<'_>, id: Uuid) -> Result<Bed, Error> {
    let row = sql::row(tx, LOCK, &[&id]).await?;
    row.as_ref()
        .map_or_else(|| Err(Error::not_found("bed", id)), from_row)
}

const LIST: &str = "
    SELECT id, name, spec, spec_hash, tube_diameter_m, tube_height_m, particle_diameter_m, particle_count, version,
        created_at, updated_at
    FROM beds WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC LIMIT $2";

/// A page of beds, newest first, starting below the given id.
pub async fn list(
    client: &impl GenericClient,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Bed>, Error> {
    sql::rows(client, LIST, &[&before, &limit])
        .await?
        .iter()
        .map(from_row)
        .collect()
}

pub(crate) const STATEMENTS: &[&str] = &[INSERT, FIND, LOCK, LIST];

fn from_row(row: &Row) -> Result<Bed, Error> {
    Ok(Bed {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        spec: row.try_get("spec")?,
        spec_hash: row.try_get("spec_hash")?,
        tube_diameter_m: row.try_get("tube_diameter_m")?,
        tube_height_m: row.try_get("tube_height_m")?,
        particle_diameter_m: row.try_get("particle_diameter_m")?,
        particle_count: row.try_get("particle_count")?,
        version: row.try_get("version")?,
        created_at: row.try_get("created_at")?,
        updated_at: row.try_get("updated_at")?,
    })
}
