//! What both workers need between `worker` and `engine`: the bed of a job, engine failures and progress as the job sees
//! them, stage outputs as files of a bed, keys, and the body of their processes. Runs no engine itself.

mod error;
mod failure;
mod files;
mod function;
mod keys;
mod process;
mod read;
mod run;

pub use error::Error;
pub use failure::failure;
pub use files::{Named, bed_files};
pub use function::function;
pub use keys::{LEITO, PACKING, packing_key};
pub use process::serve;
pub use read::{bed_of, output_of};
pub use run::{Share, context};
