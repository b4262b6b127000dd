//! Beds: the specification as given, with the columns searches need.

mod change;
mod search;

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use serde_json::value::RawValue;
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use crate::access::Access;
use crate::{Error, Transaction, sql};

pub use change::{BedUpdate, delete, lock_to_delete, update};
pub use search::{Column, Condition, FoundBed, Search, Sort, State, Test, search, search_query};

/// A bed to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewBed {
    /// Made by the caller, `UUIDv7`.
    pub id: Uuid,
    /// The project it belongs to.
    pub project_id: Uuid,
    /// Who makes it.
    pub created_by: Option<Uuid>,
    /// Given by its author, no other bed of the project has it.
    pub name: String,
    /// What it is about.
    pub description: String,
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
#[derive(Debug, Clone)]
pub struct Bed {
    /// Its id.
    pub id: Uuid,
    /// The project it belongs to.
    pub project_id: Uuid,
    /// Who made it, while the account exists.
    pub created_by: Option<Uuid>,
    /// What it is about.
    pub description: String,
    /// Given by its author.
    pub name: String,
    /// The whole specification, a JSON object: its text, because most readers only pass it on.
    pub spec: Box<RawValue>,
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

/// The columns [`from_row`] reads.
macro_rules! columns {
    () => {
        "id, project_id, created_by, name, description, spec, spec_hash, tube_diameter_m, tube_height_m, \
         particle_diameter_m, particle_count, version, created_at, updated_at"
    };
}
use columns;

const INSERT: &str = concat!(
    "INSERT INTO beds (id, project_id, created_by, name, description, spec, spec_hash, tube_diameter_m, tube_height_m,
        particle_diameter_m, particle_count)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING ",
    columns!()
);

/// Stores a bed; a name that the project has already is a conflict with `beds_name_in_project`.
pub async fn insert(tx: &Transaction<'_>, bed: &NewBed) -> Result<Bed, Error> {
    let row = sql::one(
        tx,
        INSERT,
        &[
            &bed.id,
            &bed.project_id,
            &bed.created_by,
            &bed.name,
            &bed.description,
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

const FIND: &str = concat!("SELECT ", columns!(), " FROM beds WHERE id = $1");

/// The bed, if there is one: for the system itself.
pub async fn find(client: &impl GenericClient, id: Uuid) -> Result<Option<Bed>, Error> {
    sql::row(client, FIND, &[&id])
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// The bed, or [`Error::NotFound`]: for the system itself.
pub async fn get(client: &impl GenericClient, id: Uuid) -> Result<Bed, Error> {
    find(client, id)
        .await?
        .ok_or_else(|| Error::not_found("bed", id))
}

const GET_FOR: &str = concat!(
    "SELECT ",
    columns!(),
    ", project_role($2, project_id) AS access FROM beds
     WHERE id = $1 AND project_role($2, project_id) IS NOT NULL"
);

/// The bed, for somebody who may; a stranger's bed is [`Error::NotFound`].
pub async fn get_for(client: &impl GenericClient, by: Access, id: Uuid) -> Result<Bed, Error> {
    allowed(
        sql::row(client, GET_FOR, &[&id, &by.user_id]).await?,
        by,
        id,
    )
}

const LOCK_FOR: &str = concat!(
    "SELECT ",
    columns!(),
    ", project_role($2, project_id) AS access FROM beds
     WHERE id = $1 AND project_role($2, project_id) IS NOT NULL FOR NO KEY UPDATE"
);

/// As [`get_for`]; others who lock the bed wait until the transaction ends, readers do not.
pub async fn lock_for(tx: &Transaction<'_>, by: Access, id: Uuid) -> Result<Bed, Error> {
    allowed(sql::row(tx, LOCK_FOR, &[&id, &by.user_id]).await?, by, id)
}

fn allowed(row: Option<Row>, by: Access, id: Uuid) -> Result<Bed, Error> {
    let row = row.ok_or_else(|| Error::not_found("bed", id))?;
    by.check(&row, "bed", id)?;
    from_row(&row)
}

const FIND_BY_NAME: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM beds WHERE project_id = $1 AND name = $2"
);

/// The bed of this name in the project, if there is one. What the caller may is theirs to know before.
pub async fn find_by_name(
    client: &impl GenericClient,
    project_id: Uuid,
    name: &str,
) -> Result<Option<Bed>, Error> {
    sql::row(client, FIND_BY_NAME, &[&project_id, &name])
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

pub(crate) const STATEMENTS: &[&str] = &[
    INSERT,
    FIND,
    GET_FOR,
    LOCK_FOR,
    FIND_BY_NAME,
    change::UPDATE,
    change::LOCK_TO_DELETE,
    change::DELETE,
];

fn from_row(row: &Row) -> Result<Bed, Error> {
    Ok(Bed {
        id: row.try_get("id")?,
        project_id: row.try_get("project_id")?,
        created_by: row.try_get("created_by")?,
        description: row.try_get("description")?,
        name: row.try_get("name")?,
        spec: row.try_get::<_, Json<_>>("spec")?.0,
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
