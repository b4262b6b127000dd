//! The flow worker on a real database, a real object store and the installed `OpenFOAM`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod crash;
mod jobs;
mod packing;
mod reuse;
mod world;
