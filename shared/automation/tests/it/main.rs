//! The registry of submissions and the reports.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod registry;
mod report;
mod schema;
