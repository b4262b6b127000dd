//! The packing that a flow goes through.

use bed::Bed;
use engine::blender::{TABLE, read_particles};
use engine::openfoam::PackingNumbers;
use job::Failure;
use physics::Sphere;
use stages::{failure, output_of, packing_inputs_hash};
use store::{Client, Store, packings, stage_outputs};
use uuid::Uuid;
use worker::{Stage, StoredFile, Work};

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
    /// The bed's newest packing that was made as its specification says.
    pub async fn of(bed: &Bed, bed_id: Uuid, store: &Store) -> Result<Self, Failure> {
        let (id, key) = newest(bed, bed_id, store)
            .await
            .map_err(|error| database(&error))?
            .ok_or_else(missing)?;
        let stage = stage(&key, store).await?;
        let numbers = output_of(&stage)?;
        Ok(Self { id, stage, numbers })
    }

    /// The hash of its table of particles: all that a mesh depends on of a packing.
    pub fn particles_hash(&self) -> Result<&str, Failure> {
        self.stage
            .file(TABLE)
            .map(|file| file.sha256.as_str())
            .ok_or_else(missing)
    }

    /// Brings the particles inside the tube here.
    pub async fn particles(&self, work: &Work) -> Result<Vec<Sphere>, Failure> {
        let table = work.dir.join(TABLE);
        work.fetch(&self.stage, TABLE, &table).await?;
        read_particles(&table).map_err(|error| failure(&error))
    }
}

async fn newest(
    bed: &Bed,
    bed_id: Uuid,
    store: &Store,
) -> Result<Option<(Uuid, String)>, store::Error> {
    let asked_for = packing_inputs_hash(bed);
    let answers = |packing: &packings::Packing| packing.detail["inputs_hash"] == asked_for.as_str();
    let all = packings::list(&store.client().await?, bed_id).await?;
    Ok(all
        .into_iter()
        .rfind(answers)
        .map(|packing| (packing.id, packing.content_hash)))
}

async fn stage(key: &str, store: &Store) -> Result<Stage, Failure> {
    let find = async |client: Client| stage_outputs::find(&client, key).await;
    let found = match store.client().await {
        Ok(client) => find(client).await,
        Err(error) => Err(error),
    };
    let row = found
        .map_err(|error| database(&error))?
        .ok_or_else(missing)?;
    let files: Vec<StoredFile> = serde_json::from_value(row.files)
        .map_err(|error| Failure::permanent("stage_unreadable", format!("stage {key}: {error}")))?;
    Ok(Stage {
        key: row.key,
        output: row.output,
        files,
    })
}

fn missing() -> Failure {
    Failure::permanent(
        "packing_missing",
        "the bed's packing is not in the store, it has to be generated again",
    )
}

fn database(error: &store::Error) -> Failure {
    Failure::retry("database", format!("the database failed: {error}"))
}
