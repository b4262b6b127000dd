//! `/projects` in process, on a real Postgres.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

mod list;
mod members;
mod project;
mod support;
