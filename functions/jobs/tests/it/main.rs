//! `/jobs` in process, on a real Postgres.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

mod cancel;
mod events;
mod list;
mod log;
mod retry;
mod show;
mod support;
