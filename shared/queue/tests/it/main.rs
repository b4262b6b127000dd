//! The queues, on the emulator.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod admin;
mod messages;
