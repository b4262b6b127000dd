//! Runs Blender and `OpenFOAM` as child processes: limits, progress, cancelling, typed failures.
//! Knows the bed and its physics; never a database, a queue, the environment or the clock of the day.

pub mod blender;
mod context;
mod error;
pub mod openfoam;
pub mod process;

pub use context::{Context, Progress};
pub use error::EngineError;
