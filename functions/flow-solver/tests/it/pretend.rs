//! A solver that needs no `OpenFOAM`. It only solves on a mesh that lies in its folder, as the real one does.

use std::path::Path;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bed::Bed;
use engine::openfoam::{File, Flow, MESH_ARCHIVE, Mesh, PackingNumbers};
use engine::{Context, EngineError};
use flow_solver::Solver;
use physics::Sphere;
use serde_json::{Value, json};

#[derive(Clone, Default)]
pub struct Pretend {
    /// Velocity at which the solver is killed.
    pub killed_at_m_s: Option<f64>,
    /// Whether flows converge.
    pub diverges: bool,
    /// Whether the mesh passes its gates.
    pub refuses: bool,
    /// What it did.
    pub log: Arc<Mutex<Vec<String>>>,
}

impl Pretend {
    /// What it did since this was last asked.
    pub fn did(&self) -> Vec<String> {
        std::mem::take(&mut self.log.lock().unwrap())
    }

    fn note(&self, what: impl Into<String>) {
        self.log.lock().unwrap().push(what.into());
    }
}

#[async_trait]
impl Solver for Pretend {
    async fn version(&self, _: &Context) -> Result<String, EngineError> {
        Ok("v0".to_owned())
    }

    async fn mesh(
        &self,
        bed: &Bed,
        spheres: &[Sphere],
        packing: &PackingNumbers,
        context: &Context,
    ) -> Result<Mesh, EngineError> {
        self.note(format!("meshed {}", spheres.len()));
        if self.refuses {
            return Err(EngineError::rejected(
                "a difference of +0.02 where ±0.005 is allowed",
                &[],
            ));
        }
        std::fs::write(context.dir.join("case"), "a mesh").unwrap();
        std::fs::write(context.dir.join(MESH_ARCHIVE), "a mesh").unwrap();
        Ok(serde_json::from_value(mesh(bed, packing)).unwrap())
    }

    async fn restore(&self, archive: &Path, context: &Context) -> Result<(), EngineError> {
        self.note("restored");
        std::fs::copy(archive, context.dir.join("case")).unwrap();
        Ok(())
    }

    async fn solve(
        &self,
        _: &Bed,
        mesh: &Mesh,
        velocity_m_s: f64,
        context: &Context,
    ) -> Result<Flow, EngineError> {
        self.note(format!("solved {velocity_m_s}"));
        assert_eq!(
            std::fs::read_to_string(context.dir.join("case")).unwrap(),
            "a mesh"
        );
        if self.killed_at_m_s == Some(velocity_m_s) {
            let last_words = "Time = 12".to_owned();
            return Err(EngineError::Killed {
                program: "simpleFoam".into(),
                signal: 9,
                last_words,
            });
        }
        let path = context.dir.join("pressure.png");
        std::fs::write(&path, velocity_m_s.to_string()).unwrap();
        let mut flow: Flow =
            serde_json::from_value(flow(mesh, velocity_m_s, !self.diverges)).unwrap();
        flow.files = vec![File {
            name: "pressure.png".into(),
            path,
        }];
        Ok(flow)
    }
}

fn mesh(bed: &Bed, packing: &PackingNumbers) -> Value {
    json!({
        "section": serde_json::to_value(engine::openfoam::Section::Tube { diameter_m: bed.geometry.diameter_m }).unwrap(),
        "background": {
            "side": [-0.026, 0.026], "axial": [-0.01, 0.05], "side_cells": 50.0, "axial_cells": 60.0,
            "bed_level": 1, "bed_zone": [0.0, 0.03], "inside": [0.0, 0.0, -0.009],
        },
        "particle_diameter_m": bed.particles.diameter_m, "has_particles": true, "packing": packing,
        "settings": bed::MeshSettings::resolve(&bed.flow), "cells": 1000, "meshed_porosity": 0.412,
        "porosity_difference": 0.002,
        "quality": { "cells": 1000, "regions": 1, "max_non_orthogonality_deg": 60.0, "max_skewness": 3.0, "max_aspect_ratio": 5.0 },
        "seconds": 1.0, "peak_memory_mb": 100.0,
    })
}

fn flow(mesh: &Mesh, velocity_m_s: f64, converged: bool) -> Value {
    let mut flow = json!({
        "superficial_velocity_m_s": velocity_m_s, "regime": "laminar", "particle_reynolds": 34.0,
        "modified_reynolds": 57.0, "meshed_porosity": mesh.meshed_porosity, "packed_porosity": 0.41,
        "cells": mesh.cells, "iterations": 120, "converged": converged, "why_not_converged": null,
        "convergence": null, "mass_imbalance": 1e-4, "residual_history": [], "warnings": [], "ranks": 1,
        "seconds": 10.0, "times_s": { "simpleFoam": 10.0 }, "peak_memory_mb": 120.0, "files": [],
    });
    if converged {
        let numbers = json!({
            "pressure_drop_pa": 1.2, "entrance_drop_pa": 0.1, "exit_drop_pa": 0.1, "pressure_gradient_pa_m": 40.0,
            "r_squared": 0.999, "planes": [], "friction_factor": 5.0, "permeability_m2": 1e-8, "comparisons": [],
        });
        flow.as_object_mut()
            .unwrap()
            .extend(numbers.as_object().unwrap().clone());
    }
    flow
}
