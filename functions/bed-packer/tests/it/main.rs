//! The packing worker on a real database, a real object store and the installed Blender.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod function;
mod jobs;
mod runtime_api;
mod world;
