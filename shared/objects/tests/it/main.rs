//! The object store, on the emulator.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod archives;
mod deleting;
mod files;
mod gzip;
mod list;
mod parts;
mod streams;
