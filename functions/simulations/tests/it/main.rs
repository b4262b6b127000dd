//! `/simulations` in process, on a real Postgres.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

mod change;
mod compare;
mod files;
mod list;
mod show;
mod support;
