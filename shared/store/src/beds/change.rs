//! Changing and deleting beds.

use uuid::Uuid;

use super::{Bed, allowed, columns, from_row};
use crate::access::Access;
use crate::{Error, Transaction, sql};

/// What a bed is to be.
#[derive(Debug, Clone, PartialEq)]
pub struct BedUpdate {
    /// No other bed of the project has it.
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

pub(super) const UPDATE: &str = concat!(
    "UPDATE beds SET name = $2, description = $3, spec = $4, spec_hash = $5, tube_diameter_m = $6, tube_height_m = $7,
        particle_diameter_m = $8, particle_count = $9, version = version + 1, updated_at = now()
     WHERE id = $1 RETURNING ",
    columns!()
);

/// Changes a bed that this transaction has locked and whose version it has compared. What was packed and computed stays:
/// packings are found by what they were made of, simulations hold their conditions.
pub async fn update(tx: &Transaction<'_>, id: Uuid, to: &BedUpdate) -> Result<Bed, Error> {
    let row = sql::row(
        tx,
        UPDATE,
        &[
            &id,
            &to.name,
            &to.description,
            &to.spec,
            &to.spec_hash,
            &to.tube_diameter_m,
            &to.tube_height_m,
            &to.particle_diameter_m,
            &to.particle_count,
        ],
    )
    .await?;
    from_row(&row.ok_or_else(|| Error::not_found("bed", id))?)
}

pub(super) const LOCK_TO_DELETE: &str = concat!(
    "SELECT ",
    columns!(),
    ", project_role($2, project_id) AS access FROM beds
     WHERE id = $1 AND project_role($2, project_id) IS NOT NULL FOR UPDATE"
);

/// As [`super::lock_for`]; nothing that belongs to the bed, such as a job, can be made until the transaction ends.
pub async fn lock_to_delete(tx: &Transaction<'_>, by: Access, id: Uuid) -> Result<Bed, Error> {
    let row = sql::row(tx, LOCK_TO_DELETE, &[&id, &by.user_id]).await?;
    allowed(row, by, id)
}

pub(super) const DELETE: &str = "DELETE FROM beds WHERE id = $1";

/// Deletes the bed with everything of it; the keys of its files are buried before (see `object_tombstones`).
pub async fn delete(tx: &Transaction<'_>, id: Uuid) -> Result<(), Error> {
    match sql::execute(tx, DELETE, &[&id]).await? {
        1 => Ok(()),
        _ => Err(Error::not_found("bed", id)),
    }
}
