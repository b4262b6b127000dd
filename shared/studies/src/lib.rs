//! How a study begins: the rows of a bed, its packing job, its simulation and its flow job. Whoever begins one, a request
//! for a bed or a submission, does it through here. Decides nothing about who may, and commits nothing.

mod beds;
mod flow;

pub use beds::{Home, Stored, bed_update, store_bed};
pub use flow::{Begun, packing_job, simulate};
