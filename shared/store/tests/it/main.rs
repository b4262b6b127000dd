//! The store on a real Postgres: every test has a database of its own.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod accounts;
mod audits;
mod cancel;
mod claim;
mod dependents;
mod finish;
mod idempotency;
mod list_plans;
mod live_plans;
mod metrics;
mod migrations;
mod model;
mod objects;
mod outbox;
mod plans;
mod reaper;
mod search_plans;
mod setup;
mod submission_search;
mod submissions;
mod tables;
