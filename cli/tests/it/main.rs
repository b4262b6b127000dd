//! The program as a person starts it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod backup;
mod help;
mod input;
mod leito;
mod stop;
mod study;
