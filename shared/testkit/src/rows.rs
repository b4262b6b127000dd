//! Rows with every required column filled, so that adding a column touches one place and not every test.

use job::{Kind, NewJob};
use serde_json::json;
use store::beds::NewBed;
use store::packings::Packing;
use store::projects::NewProject;
use store::simulations::NewSimulation;
use store::users::NewUser;
use uuid::Uuid;

/// An account that is in every test database.
pub const USER: Uuid = Uuid::from_u128(0x7000_8000_0000_0000_0a11);
/// A project of hers, which is there as well.
pub const PROJECT: Uuid = Uuid::from_u128(0x7000_8000_0000_0000_0b0b);

/// An account without a password.
pub fn user(id: Uuid) -> NewUser {
    NewUser {
        id,
        name: "Ada Example".to_owned(),
        email: format!("{}@example.org", id.simple()),
        cpf: None,
        password_hash: None,
        is_admin: false,
    }
}

/// A project that this account owns.
pub fn project(id: Uuid, created_by: Uuid) -> NewProject {
    NewProject {
        id,
        name: "Studies".to_owned(),
        description: String::new(),
        created_by,
    }
}

/// A plausible bed: a hundred 5 mm spheres in a 50 mm tube.
pub fn bed(id: Uuid) -> NewBed {
    NewBed {
        id,
        project_id: PROJECT,
        created_by: Some(USER),
        name: format!("demo {}", id.simple()),
        description: String::new(),
        spec: json!({ "name": "demo" }),
        spec_hash: "a".repeat(64),
        tube_diameter_m: 0.05,
        tube_height_m: 0.1,
        particle_diameter_m: 0.005,
        particle_count: 100,
    }
}

/// A plausible simulation of that bed.
pub fn simulation(id: Uuid, bed_id: Uuid) -> NewSimulation {
    NewSimulation {
        id,
        bed_id,
        regime: "laminar".to_owned(),
        velocities_m_s: vec![0.1],
        conditions: json!({ "fluid_density_kg_m3": 1.225 }),
    }
}

/// A plausible packing of that bed.
pub fn packing(id: Uuid, bed_id: Uuid) -> Packing {
    Packing {
        id,
        bed_id,
        content_hash: "b".repeat(64),
        packing_seed: 42,
        particles_inside: 100,
        particles_escaped: 0,
        settled: true,
        max_overlap_ratio: 0.0003,
        wall_penetration_ratio: 0.0002,
        bed_height_m: 0.08,
        bulk_porosity: 0.42,
        core_porosity: None,
        mean_coordination: 5.1,
        detail: json!({ "versions": { "blender": "3.4.1" } }),
    }
}

/// A packing job for that bed.
pub fn packing_job(id: Uuid, bed_id: Uuid) -> NewJob {
    NewJob {
        id,
        kind: Kind::Packing,
        bed_id,
        simulation_id: None,
        after_job_id: None,
        created_by: Some(USER),
        input: json!({}),
    }
}

/// A flow job for that simulation, after that packing job if there is one.
pub fn flow_job(id: Uuid, simulation: &NewSimulation, after_job_id: Option<Uuid>) -> NewJob {
    let (bed_id, simulation_id) = (simulation.bed_id, Some(simulation.id));
    NewJob {
        id,
        kind: Kind::Flow,
        bed_id,
        simulation_id,
        after_job_id,
        created_by: Some(USER),
        input: json!({}),
    }
}
