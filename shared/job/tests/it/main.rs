//! Behaviour of the pure job crate.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod state;
mod values;
mod words;
