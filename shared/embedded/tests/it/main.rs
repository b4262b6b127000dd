//! The single-machine parts, on the real programs.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod emulator;
mod postgres;
