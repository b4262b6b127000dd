//! The job engine under faults, on real Postgres and the emulator. Every job ends with one result or one clear failure.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod batch;
mod crash;
mod delivery;
mod failing;
mod lease;
mod script;
mod services;
mod stages;
mod stopping;
mod world;
