//! `/submissions` and `/audits` in process, on a real Postgres and the emulator.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

mod any_input;
mod audited;
mod audits;
mod cancel;
mod create;
mod delete;
mod kinds;
mod list;
mod report;
mod retry;
mod show;
mod support;
