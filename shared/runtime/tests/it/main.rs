//! What a process learns from its surroundings.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod clock_and_ids;
mod example;
mod settings;
