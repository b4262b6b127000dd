//! Real OpenFOAM: exact cases, gates and outcomes.

mod exact;
mod outcomes;

use bed::{Bed, ContactTreatment, Flow, MeshSettings};
use engine::openfoam::{PackingNumbers, Section, Setup};
use physics::Sphere;

/// Particle diameter of the tests, m.
pub const D: f64 = 0.01;

/// Water that creeps: Re is far below 1.
pub fn creeping_flow() -> Flow {
    Flow {
        fluid_density_kg_m3: 1000.0,
        fluid_viscosity_pa_s: 1e-3,
        velocities_m_s: vec![VELOCITY_M_S],
        write_fields: false,
        ..Flow::default()
    }
}

/// Re = 0.01 with water and spheres of 10 mm.
pub const VELOCITY_M_S: f64 = 1e-6;

/// A bed of which only the flow block matters here.
pub fn bed(flow: Flow) -> Bed {
    Bed {
        flow,
        ..Bed::new("exact", 0.05, 0.1, D, 100)
    }
}

pub fn settings(
    cells_per_diameter: f64,
    surface_level: u32,
    porosity_tolerance: f64,
) -> MeshSettings {
    MeshSettings {
        cells_per_diameter,
        surface_level,
        porosity_tolerance,
        contact_treatment: ContactTreatment::None,
        contact_size: 0.0,
        inlet_length: 1.5,
        outlet_length: 1.5,
    }
}

/// A quarter of the unit cells of a simple-cubic array of touching spheres, five deep.
pub fn simple_cubic(settings: MeshSettings) -> Setup {
    let sphere = |x: f64, y: f64, z: f64| Sphere {
        centre_m: [x * D, y * D, z * D],
        radius_m: D / 2.0,
    };
    let layers = [0.5, 1.5, 2.5, 3.5, 4.5];
    let spheres = layers
        .iter()
        .flat_map(|&z| {
            [
                sphere(0.0, 0.0, z),
                sphere(1.0, 0.0, z),
                sphere(0.0, 1.0, z),
                sphere(1.0, 1.0, z),
            ]
        })
        .collect();
    Setup {
        section: Section::Symmetric { width_m: D / 2.0 },
        spheres,
        particle_diameter_m: D,
        packing: PackingNumbers {
            bed_height_m: 5.0 * D,
            window_low_m: D,
            window_high_m: 4.0 * D,
            bulk_porosity: 1.0 - std::f64::consts::PI / 6.0,
        },
        settings,
    }
}

/// A tube without particles, 2 d wide.
pub fn empty_tube(settings: MeshSettings) -> Setup {
    Setup {
        section: Section::Tube {
            diameter_m: 2.0 * D,
        },
        spheres: Vec::new(),
        particle_diameter_m: D,
        packing: PackingNumbers {
            bed_height_m: 3.0 * D,
            window_low_m: 0.5 * D,
            window_high_m: 2.5 * D,
            bulk_porosity: 1.0,
        },
        settings,
    }
}
