//! `/usage` in process, on a real Postgres.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

mod show;
