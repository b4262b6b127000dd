//! What tests stand on: real services, each test seeing only its own part of them.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "only tests use this, and a test without its services cannot go on"
)]

mod cloud;
mod database;
pub mod rows;

pub use cloud::{Cloud, emulator_program};
pub use database::{Database, database, empty_database};
