//! The AWS emulator of one machine: S3 and SQS on 127.0.0.1, keeping its state in a folder.
//! Knows how to run `MiniStack` and what Leito needs inside it; never reaches beyond loopback.

mod process;
mod resources;

pub use aws::EMULATOR_REGION as DEFAULT_REGION;
pub use process::{Emulator, EmulatorSettings};
pub use resources::{DEFAULT_BUCKET, FLOW_QUEUE, PACKING_QUEUE, Resources};
