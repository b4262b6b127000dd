//! The flow worker: takes flow jobs, meshes a packing once, solves each velocity once, records the numbers.
//! What makes a mesh or a flow good is the engine's business, what becomes of a job the worker's.

mod handler;
mod packing;
mod quantities;
mod record;
mod study;

pub use handler::{FlowSolver, Solved};
pub use packing::Packed;
pub use study::Solution;
