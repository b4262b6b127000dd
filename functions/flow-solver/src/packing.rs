//! The packing that a flow goes through.

use bed::Bed;
use engine::blender::{TABLE, read_particles};
use engine::openfoam::PackingNumbers;
use job::{Failure, Job};
use physics::Sphere;
use stages::{failure, output_of};
use store::stage_outputs::StageOutput;
use store::{Store, packings};
use uuid::Uuid;
use worker::{Stage, StoredFile, Work, database_failure};

/// A packing as the flow needs it.
#[derive(Debug, Clone)]
pub struct Packed {
    /// Its row.
    pub id: Uuid,
    /// Its files.
    pub stage: Stage,
    /// Where the bed lies in the tube and how porous it is.
    pub numbers: PackingNumbers,
}

impl Packed {
    /// The newest packing of the job's bed that was made as this specification says and is in the store.
    pub async fn of(bed: &Bed, job: &Job, store: &Store) -> Result<Self, Failure> {
        let (id, row) = stored(bed, job.bed_id, store)
            .await
            .map_err(|error| database_failure(job.id, &error))?
            .ok_or_else(missing)?;
        let stage = Stage::read(row)?;
        let numbers = output_of(&stage)?;
        Ok(Self { id, stage, numbers })
    }

    /// The hash of its table of particles, however that is stored: all that a mesh depends on of a packing.
    pub fn particles_hash(&self) -> Result<&str, Failure> {
        self.stage
            .file(TABLE)
            .map(StoredFile::content_sha256)
            .ok_or_else(missing)
    }

    /// Brings the particles inside the tube here.
    pub async fn particles(&self, work: &Work) -> Result<Vec<Sphere>, Failure> {
        let table = work.dir.join(TABLE);
        work.fetch(&self.stage, TABLE, &table).await?;
        read_particles(&table).map_err(|error| failure(&error))
    }
}

async fn stored(
    bed: &Bed,
    bed_id: Uuid,
    store: &Store,
) -> Result<Option<(Uuid, StageOutput)>, store::Error> {
    let client = store.client().await?;
    packings::find_stored(&client, bed_id, &bed.packing_inputs_hash()).await
}

/// The next simulation of the bed has it packed again.
fn missing() -> Failure {
    Failure::permanent(
        "packing_missing",
        "the bed's packing is not in the store any more; simulate the bed again, which packs it anew",
    )
}
