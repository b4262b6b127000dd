//! Packings: the measured result of packing a bed.

use deadpool_postgres::GenericClient;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::stage_outputs::{self, StageOutput};
use crate::{Error, Transaction, sql};

/// One packing of a bed.
#[derive(Debug, Clone, PartialEq)]
pub struct Packing {
    /// Made by the caller, `UUIDv7`.
    pub id: Uuid,
    /// The bed that was packed.
    pub bed_id: Uuid,
    /// SHA-256 over everything the packing depends on, hex.
    pub content_hash: String,
    /// Seed of the random start.
    pub packing_seed: i64,
    /// Particles within the tube.
    pub particles_inside: i32,
    /// Particles that got out.
    pub particles_escaped: i32,
    /// Whether all came to rest.
    pub settled: bool,
    /// Largest overlap of two particles over the particle diameter.
    pub max_overlap_ratio: f64,
    /// Deepest penetration of the wall over the particle diameter.
    pub wall_penetration_ratio: f64,
    /// Packed height.
    pub bed_height_m: f64,
    /// Void fraction of the measuring window.
    pub bulk_porosity: f64,
    /// Void fraction far from the wall, where the tube is wide enough to have such a place.
    pub core_porosity: Option<f64>,
    /// Mean number of contacts of a particle.
    pub mean_coordination: f64,
    /// Everything else: profiles, histogram, versions, times.
    pub detail: serde_json::Value,
}

/// The same packing again gives back the stored row, whichever job comes first.
const UPSERT: &str = "
    INSERT INTO packings (id, bed_id, content_hash, packing_seed, particles_inside, particles_escaped, settled,
        max_overlap_ratio, wall_penetration_ratio, bed_height_m, bulk_porosity, core_porosity, mean_coordination, detail)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
    ON CONFLICT (bed_id, content_hash) DO UPDATE SET content_hash = excluded.content_hash
    RETURNING id, bed_id, content_hash, packing_seed, particles_inside, particles_escaped, settled,
        max_overlap_ratio, wall_penetration_ratio, bed_height_m, bulk_porosity, core_porosity, mean_coordination, detail";

/// Stores a packing, or finds the one stored under the same hash: look at the id that comes back.
pub async fn insert(tx: &Transaction<'_>, packing: &Packing) -> Result<Packing, Error> {
    let row = sql::one(
        tx,
        UPSERT,
        &[
            &packing.id,
            &packing.bed_id,
            &packing.content_hash,
            &packing.packing_seed,
            &packing.particles_inside,
            &packing.particles_escaped,
            &packing.settled,
            &packing.max_overlap_ratio,
            &packing.wall_penetration_ratio,
            &packing.bed_height_m,
            &packing.bulk_porosity,
            &packing.core_porosity,
            &packing.mean_coordination,
            &packing.detail,
        ],
    )
    .await?;
    from_row(&row)
}

const FIND: &str = "
    SELECT id, bed_id, content_hash, packing_seed, particles_inside, particles_escaped, settled, max_overlap_ratio,
        wall_penetration_ratio, bed_height_m, bulk_porosity, core_porosity, mean_coordination, detail
    FROM packings WHERE id = $1";

/// The packing, if there is one.
pub async fn find(client: &impl GenericClient, id: Uuid) -> Result<Option<Packing>, Error> {
    sql::row(client, FIND, &[&id])
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// The newest packing of a bed that answers to these inputs and whose stage is in the store.
macro_rules! of_stored {
    ($columns:literal) => {
        concat!(
            "SELECT ", $columns, " FROM packings JOIN stage_outputs made ON made.key = packings.content_hash
             WHERE packings.bed_id = $1 AND packings.detail ->> 'inputs_hash' = $2 ORDER BY packings.id DESC LIMIT 1"
        )
    };
}

const FIND_STORED: &str = of_stored!("packings.id, key, stage, output, files");

/// Of the bed's packings that answer to these inputs and whose stage is in the store, the newest: its id and its stage.
/// A packing whose files were lost has no stage, see [`stage_outputs::forget`].
pub async fn find_stored(
    client: &impl GenericClient,
    bed_id: Uuid,
    inputs_hash: &str,
) -> Result<Option<(Uuid, StageOutput)>, Error> {
    match sql::row(client, FIND_STORED, &[&bed_id, &inputs_hash]).await? {
        Some(row) => Ok(Some((row.try_get("id")?, stage_outputs::from_row(&row)?))),
        None => Ok(None),
    }
}

const IS_STORED: &str = of_stored!("1 AS one");

/// Whether [`find_stored`] would find one.
pub async fn is_stored(
    client: &impl GenericClient,
    bed_id: Uuid,
    inputs_hash: &str,
) -> Result<bool, Error> {
    let row = sql::row(client, IS_STORED, &[&bed_id, &inputs_hash]).await?;
    Ok(row.is_some())
}

const LIST: &str = "
    SELECT id, bed_id, content_hash, packing_seed, particles_inside, particles_escaped, settled, max_overlap_ratio,
        wall_penetration_ratio, bed_height_m, bulk_porosity, core_porosity, mean_coordination, detail
    FROM packings WHERE bed_id = $1 ORDER BY id";

/// All packings of a bed, oldest first.
pub async fn list(client: &impl GenericClient, bed_id: Uuid) -> Result<Vec<Packing>, Error> {
    sql::rows(client, LIST, &[&bed_id])
        .await?
        .iter()
        .map(from_row)
        .collect()
}

pub(crate) const STATEMENTS: &[&str] = &[UPSERT, FIND, FIND_STORED, IS_STORED, LIST];

fn from_row(row: &Row) -> Result<Packing, Error> {
    Ok(Packing {
        id: row.try_get("id")?,
        bed_id: row.try_get("bed_id")?,
        content_hash: row.try_get("content_hash")?,
        packing_seed: row.try_get("packing_seed")?,
        particles_inside: row.try_get("particles_inside")?,
        particles_escaped: row.try_get("particles_escaped")?,
        settled: row.try_get("settled")?,
        max_overlap_ratio: row.try_get("max_overlap_ratio")?,
        wall_penetration_ratio: row.try_get("wall_penetration_ratio")?,
        bed_height_m: row.try_get("bed_height_m")?,
        bulk_porosity: row.try_get("bulk_porosity")?,
        core_porosity: row.try_get("core_porosity")?,
        mean_coordination: row.try_get("mean_coordination")?,
        detail: row.try_get("detail")?,
    })
}
