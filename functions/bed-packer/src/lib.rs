//! The packing worker: takes packing jobs, packs each bed once whoever asks for it, records what was measured.
//! What makes a packing good is the engine's business, what becomes of a job the worker's.

mod handler;
mod record;

pub use handler::{BedPacker, Packed};
