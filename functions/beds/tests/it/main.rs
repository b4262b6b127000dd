//! `/beds` in process, on a real Postgres and the emulator.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

mod any_input;
mod archives;
mod create;
mod delete;
mod duplicate;
mod files;
mod generate;
mod search;
mod show;
mod simulate;
mod support;
mod update;
mod upload;
mod uploads;
