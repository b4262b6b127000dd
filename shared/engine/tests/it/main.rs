//! The engines, tried with real child processes and real Blender and `OpenFOAM`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod blender;
mod openfoam;
mod process;
