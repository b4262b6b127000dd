//! The row of a bed.

use runtime::Ids;
use store::beds::{self, BedUpdate, NewBed};
use store::{Error, Transaction};
use uuid::Uuid;

/// Where a bed goes, and from whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// The project.
    pub project_id: Uuid,
    /// Who makes the bed.
    pub created_by: Uuid,
    /// What it is about.
    pub description: String,
}

/// What became of a bed that was to be stored.
#[derive(Debug, Clone)]
pub enum Stored {
    /// It is new.
    New(beds::Bed),
    /// The project had this very bed already, name and all.
    Same(beds::Bed),
    /// The project has another bed of this name; nothing was stored.
    NameTaken,
}

/// Stores a bed, unless the project has one of its name.
pub async fn store_bed(
    tx: &Transaction<'_>,
    ids: &dyn Ids,
    home: Home,
    bed: &bed::Bed,
) -> Result<Stored, Error> {
    let new = row(ids.next(), home, bed);
    match beds::find_by_name(tx, new.project_id, &new.name).await? {
        Some(same) if same.spec_hash == new.spec_hash => Ok(Stored::Same(same)),
        Some(_) => Ok(Stored::NameTaken),
        None => Ok(Stored::New(beds::insert(tx, &new).await?)),
    }
}

fn row(id: Uuid, home: Home, bed: &bed::Bed) -> NewBed {
    let spec = bed::to_json(bed);
    NewBed {
        id,
        project_id: home.project_id,
        created_by: Some(home.created_by),
        description: home.description,
        name: bed.name.clone(),
        spec_hash: bed::content_hash("bed", &spec, &[]),
        spec,
        tube_diameter_m: bed.geometry.diameter_m,
        tube_height_m: bed.geometry.height_m,
        particle_diameter_m: bed.particles.diameter_m,
        particle_count: i32::try_from(bed.particle_count()).unwrap_or(i32::MAX),
    }
}

/// What a stored bed is to be when it becomes this one.
pub fn bed_update(bed: &bed::Bed, description: String) -> BedUpdate {
    let spec = bed::to_json(bed);
    BedUpdate {
        name: bed.name.clone(),
        description,
        spec_hash: bed::content_hash("bed", &spec, &[]),
        spec,
        tube_diameter_m: bed.geometry.diameter_m,
        tube_height_m: bed.geometry.height_m,
        particle_diameter_m: bed.particles.diameter_m,
        particle_count: i32::try_from(bed.particle_count()).unwrap_or(i32::MAX),
    }
}
