//! What both workers need between `worker` and `engine`: the bed of a job, engine failures and progress as the job sees
//! them, stage outputs as files of a bed, and the keys that packing and flow agree on. Runs no engine itself.

mod failure;
mod files;
mod keys;
mod read;
mod run;

pub use failure::failure;
pub use files::{Named, bed_files};
pub use keys::{PACKING, packing_inputs_hash, packing_key};
pub use read::{bed_of, output_of};
pub use run::{Share, context};
