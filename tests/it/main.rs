//! The whole system as one program on one machine: real servers, real engines, driven over HTTP, and ended in every way
//! there is.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod api;
mod cancel;
mod kill;
mod leito;
mod stop;
mod study;
