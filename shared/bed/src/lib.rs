//! The specification of a packed bed: every parameter declared once, the `.bed` language, JSON, validation, planning
//! and the canonical inputs of each stage. Pure: no files, no clock, no environment.

mod bed;
mod blocks;
mod document;
mod error;
mod expected;
mod inputs;
mod json;
mod language;
mod parameter;
mod plan;
mod quality;
mod refuse;
mod schema;
mod suggest;
mod units;
mod validate;

pub use bed::{BLOCKS, Bed};
pub use blocks::{
    ContactTreatment, Export, Flow, FluidMode, Format, Geometry, Method, Packing, Particles,
    Quality, Regime, Shape, WallMode,
};
pub use document::parameter_tables;
pub use error::{Invalid, Problem};
pub use inputs::content_hash;
pub use json::{from_json, from_stored, from_value, to_json};
pub use language::{Diagnostics, Report, format, parse};
pub use parameter::{Block, Kind, Need, Parameter};
pub use plan::{Machine, Plan, plan, plan_valid};
pub use quality::{MeshSettings, Preset, default_contact_size};
pub use schema::json_schema;
pub use units::{Dimension, UNITS, Unit, readable};
pub use validate::validate;
