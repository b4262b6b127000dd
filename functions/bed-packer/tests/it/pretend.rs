//! A packer that needs no Blender: three spheres, or a refusal.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use bed::Bed;
use bed_packer::Packer;
use engine::blender::{File, Packing, TABLE};
use engine::{Context, EngineError};
use serde_json::json;

#[derive(Clone, Default)]
pub struct Pretend {
    pub refuses: bool,
    runs: Arc<AtomicU32>,
}

impl Pretend {
    pub fn refusing() -> Self {
        Self {
            refuses: true,
            ..Self::default()
        }
    }

    /// How often it packed.
    pub fn runs(&self) -> u32 {
        self.runs.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Packer for Pretend {
    async fn version(&self, _: &Context) -> Result<String, EngineError> {
        Ok("0".to_owned())
    }

    async fn pack(&self, bed: &Bed, context: &Context) -> Result<Packing, EngineError> {
        self.runs.fetch_add(1, Ordering::SeqCst);
        context.report("packing", 0.5, Some(1.0));
        if self.refuses {
            return Err(EngineError::rejected(
                "overlap 0.004 is more than 0.001",
                &[("overlap", 0.004)],
            ));
        }
        std::fs::write(context.dir.join(TABLE), "id,x_m,y_m,z_m,radius_m,inside\n").unwrap();
        let mut packing: Packing = serde_json::from_value(numbers(bed)).unwrap();
        packing.files = vec![File::describe(&context.dir, TABLE)?];
        Ok(packing)
    }
}

fn numbers(bed: &Bed) -> serde_json::Value {
    json!({
        "count": bed.particle_count(), "inside": bed.particle_count(), "escaped": [], "settled": true, "moving": [],
        "max_overlap_ratio": 1e-4, "wall_penetration_ratio": 2e-4, "floor_penetration_ratio": 0.0,
        "bed_height_m": 0.03, "window_low_m": 0.005, "window_high_m": 0.025,
        "bulk_porosity": 0.41, "core_porosity": 0.39, "axial_profile": [], "radial_profile": [],
        "mean_coordination": 5.5, "coordination": [1, 2],
        "expected": { "dixon": 0.41, "zou_yu_dense": 0.38, "zou_yu_loose": 0.42, "benyahia_oneill": 0.4 },
        "simulated_s": 1.0, "versions": { "blender": "0", "leito": "0" },
        "times_s": { "setup": 1.0, "physics": 1.0, "export": 1.0, "analysis": 1.0 }, "peak_memory_mb": 100.0,
        "files": [],
    })
}
