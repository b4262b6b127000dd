//! `/accounts` and `/api-keys` in process, on a real Postgres.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

mod admin;
mod api_keys;
mod log_in;
mod me;
mod password;
mod refresh;
mod register;
mod support;
