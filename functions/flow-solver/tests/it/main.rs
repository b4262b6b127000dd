//! The flow worker on a real database and object store, with a stand-in for `OpenFOAM`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod jobs;
mod pretend;
mod reuse;
mod world;
