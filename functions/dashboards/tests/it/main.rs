//! Metrics and dashboards on a real Postgres.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod dashboards;
mod export;
mod post;
mod seen;
mod series;
mod support;
