//! Engine tests: real child processes, real Blender.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod process;
