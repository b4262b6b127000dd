//! `/submissions` and `/audits` in process, on a real Postgres and the emulator.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]
