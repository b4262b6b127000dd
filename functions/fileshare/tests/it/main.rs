//! Share links on a real Postgres and an emulated S3.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod counting;
mod create;
mod list;
mod page;
mod password;
mod study;
mod support;
mod unknown;
