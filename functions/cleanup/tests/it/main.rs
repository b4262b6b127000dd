//! The function on a real Postgres and the emulator.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod objects;
mod rows;
mod world;
