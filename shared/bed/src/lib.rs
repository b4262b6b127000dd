//! The specification of a packed bed: every parameter declared once, the `.bed` language, JSON, validation, planning
//! and the canonical inputs of each stage. Pure: no files, no clock, no environment.

mod bed;
mod blocks;
mod error;
mod json;
mod parameter;
mod quality;
mod units;

pub use bed::{BLOCKS, Bed};
pub use blocks::{
    ContactTreatment, Export, Flow, FluidMode, Format, Geometry, Method, Packing, Particles,
    Quality, Regime, Shape, WallMode,
};
pub use error::{Invalid, Problem};
pub use json::{from_json, from_value, to_json};
pub use parameter::{Block, Kind, Need, Parameter};
pub use quality::{MeshSettings, Preset, default_contact_size};
pub use units::{Dimension, UNITS, Unit};
