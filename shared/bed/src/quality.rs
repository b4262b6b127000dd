//! What the presets of `quality` stand for, and the mesh settings a flow ends up with.
//! The numbers are choices backed by measurements; change them here and nowhere else.

use serde::{Deserialize, Serialize};

use crate::blocks::{ContactTreatment, Flow, Quality};

/// What one preset fills in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Preset {
    /// Cells along a particle diameter.
    pub cells_per_diameter: f64,
    /// How often cells at a surface are halved again.
    pub surface_level: u32,
    /// Largest allowed |meshed - packed porosity|.
    pub porosity_tolerance: f64,
}

impl Preset {
    /// The preset of a quality.
    pub const fn of(quality: Quality) -> Self {
        match quality {
            Quality::Draft => Self {
                cells_per_diameter: 8.0,
                surface_level: 1,
                porosity_tolerance: 0.02,
            },
            Quality::Standard => Self {
                cells_per_diameter: 12.0,
                surface_level: 1,
                porosity_tolerance: 0.01,
            },
            Quality::Fine => Self {
                cells_per_diameter: 20.0,
                surface_level: 1,
                porosity_tolerance: 0.005,
            },
        }
    }
}

/// Size of a contact treatment, as a share of the particle diameter, when the bed does not give one: the radius of
/// a bridge, and the part of the diameter that shrinking takes away.
pub const fn default_contact_size(treatment: ContactTreatment) -> f64 {
    match treatment {
        ContactTreatment::None => 0.0,
        ContactTreatment::Bridge => 0.1,
        ContactTreatment::Shrink => 0.01,
    }
}

/// Everything the mesh depends on besides the packing, with nothing left open.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeshSettings {
    /// Cells along a particle diameter, away from surfaces.
    pub cells_per_diameter: f64,
    /// How often cells at a surface are halved again.
    pub surface_level: u32,
    /// Largest allowed |meshed - packed porosity|.
    pub porosity_tolerance: f64,
    /// What is done where particles touch.
    pub contact_treatment: ContactTreatment,
    /// Size of that treatment, as a share of the particle diameter; 0 when there is none.
    pub contact_size: f64,
    /// Empty tube before the bed, in particle diameters.
    pub inlet_length: f64,
    /// Empty tube behind the bed, in particle diameters.
    pub outlet_length: f64,
}

impl MeshSettings {
    /// What the flow block states, completed by its preset.
    pub fn resolve(flow: &Flow) -> Self {
        let preset = Preset::of(flow.quality);
        Self {
            cells_per_diameter: flow.cells_per_diameter.unwrap_or(preset.cells_per_diameter),
            surface_level: flow.surface_level.unwrap_or(preset.surface_level),
            porosity_tolerance: flow.porosity_tolerance.unwrap_or(preset.porosity_tolerance),
            contact_treatment: flow.contact_treatment,
            contact_size: flow
                .contact_size
                .unwrap_or(default_contact_size(flow.contact_treatment)),
            inlet_length: flow.inlet_length,
            outlet_length: flow.outlet_length,
        }
    }
}
