//! `/health` in process, with parts that are there and parts that are not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

mod metrics;
mod show;
