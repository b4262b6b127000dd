//! One real packing for all tests of this binary: it is the flow that is tried here.

use bed::Bed;
use engine::Context;
use engine::blender::{self, Packing, TABLE};
use runtime::{Ids, SystemIds};
use serde_json::json;
use store::packings;
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::world::spec;

static TINY: OnceCell<Tiny> = OnceCell::const_new();

/// The packing of [`spec`].
pub struct Tiny {
    /// What was measured.
    pub numbers: Packing,
    /// The table of its particles.
    pub table: String,
}

/// Packed by Blender once.
pub async fn tiny() -> &'static Tiny {
    TINY.get_or_init(|| async {
        let folder = tempfile::tempdir().unwrap();
        let bed = bed::from_value(&spec(&[0.1])).unwrap();
        let context = Context::new(folder.path(), 1);
        let numbers = blender::pack(&bed, &context).await.unwrap();
        let table = std::fs::read_to_string(folder.path().join(TABLE)).unwrap();
        Tiny { numbers, table }
    })
    .await
}

impl Tiny {
    /// As a packing of that bed.
    pub fn row(&self, bed: &Bed, bed_id: Uuid, key: &str) -> packings::Packing {
        let numbers = &self.numbers;
        packings::Packing {
            id: SystemIds.next(),
            bed_id,
            content_hash: key.to_owned(),
            packing_seed: bed.packing.seed.into(),
            particles_inside: i32::try_from(numbers.inside).unwrap(),
            particles_escaped: 0,
            settled: numbers.settled,
            max_overlap_ratio: numbers.max_overlap_ratio,
            wall_penetration_ratio: numbers.wall_penetration_ratio,
            bed_height_m: numbers.bed_height_m,
            bulk_porosity: numbers.bulk_porosity,
            core_porosity: numbers.core_porosity,
            mean_coordination: numbers.mean_coordination,
            detail: json!({ "inputs_hash": bed.packing_inputs_hash() }),
        }
    }
}
