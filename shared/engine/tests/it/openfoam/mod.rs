//! Real OpenFOAM: exact cases, gates and outcomes.

mod exact;
mod outcomes;
mod ranks;

use bed::{ContactTreatment, MeshSettings};

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
