//! What is the same for every route, on toy routes and on the whole API.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

mod auth;
mod downloads;
mod edge;
mod etag;
mod extract;
mod idempotency;
mod openapi;
mod parts;
mod permissions;
mod serve;
mod state;
