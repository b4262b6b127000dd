//! The whole system as it is deployed: API Gateway, functions, queues, schedules and policies, with workers attached.
//! Every test has a stack, an emulator and a database of its own.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod api;
mod cleanup;
mod dead_letters;
mod lifecycle;
mod live;
mod rights;
mod share;
mod stack;
mod study;
