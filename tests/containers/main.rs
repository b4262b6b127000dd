//! The container images, run as a host runs them: read-only, as nobody in particular, with no rights, on services outside.
//! `./dev images` builds them first and says where Podman keeps them.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[expect(dead_code, reason = "the tests on one machine ask for more")]
#[path = "../it/api.rs"]
mod api;
mod images;
mod leito;
mod podman;
