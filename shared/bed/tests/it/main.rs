//! The behaviours of crate `bed`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod any_bed;
mod declarations;
mod earlier_form;
mod errors;
mod examples;
mod inputs;
mod json;
mod language;
mod planning;
mod round_trip;
