//! The bed as a whole: its blocks under a name.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::blocks::{Export, Flow, Geometry, Packing, Particles};
use crate::parameter::Block;

/// Every block, in the order in which they are written.
pub const BLOCKS: &[Block] = &[
    Geometry::BLOCK,
    Particles::BLOCK,
    Packing::BLOCK,
    Flow::BLOCK,
    Export::BLOCK,
];

/// A bed of particles in a tube, how it is packed and what flows through it.
///
/// One that came through [`crate::parse`], [`crate::from_json`] or serde is valid in itself; [`crate::plan`] says
/// whether it can be built.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Value")]
pub struct Bed {
    /// What people call it; no result depends on it.
    pub name: String,
    /// The tube.
    pub geometry: Geometry,
    /// The particles.
    pub particles: Particles,
    /// The recipe of the packing.
    pub packing: Packing,
    /// The fluid and the resolution.
    pub flow: Flow,
    /// The files of the packing.
    pub export: Export,
}

impl Bed {
    /// A bed of `count` spheres with defaults for everything else.
    pub fn new(
        name: &str,
        tube_diameter_m: f64,
        tube_height_m: f64,
        particle_diameter_m: f64,
        count: u32,
    ) -> Self {
        Self {
            name: name.to_owned(),
            geometry: Geometry {
                diameter_m: tube_diameter_m,
                height_m: tube_height_m,
                ..Geometry::default()
            },
            particles: Particles {
                diameter_m: particle_diameter_m,
                count: Some(count),
                ..Particles::default()
            },
            packing: Packing::default(),
            flow: Flow::default(),
            export: Export::default(),
        }
    }
}

impl TryFrom<Value> for Bed {
    type Error = crate::error::Invalid;

    fn try_from(value: Value) -> Result<Self, Self::Error> {
        crate::json::from_value(&value).map_err(crate::error::Invalid)
    }
}
