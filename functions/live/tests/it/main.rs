//! Real `WebSocket` clients against the gateway of one machine, on a real Postgres.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

mod client;
mod connect;
mod messages;
mod recorded;
mod support;
mod watch;
