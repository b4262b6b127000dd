//! What is the same for every route, on toy routes and on the whole API.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

mod auth;
mod edge;
mod etag;
mod extract;
mod openapi;
mod permissions;
mod serve;
