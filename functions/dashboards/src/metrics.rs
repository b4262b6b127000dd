//! `/metrics`: the numbers themselves.

pub mod export;
pub mod post;
pub mod series;
mod wanted;
