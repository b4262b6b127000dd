//! The parts of the cloud on one machine: started for as long as their parent lives, on loopback only,
//! with everything they keep in one data folder.

pub mod emulator;
mod error;
mod guarded;
pub mod postgres;

pub use error::Error;
