//! What a job is and how it may change: kinds, states, leases, failures, retries, events and messages.
//! Pure: no clock, no database, no queue. The store says the same in SQL and is tested against this crate.

mod error;
mod event;
mod failure;
mod job;
mod kind;
mod lease;
mod message;
mod retry;
mod state;
mod status;

pub use error::{BadMessage, Refused, UnknownWord};
pub use event::{Event, EventKind};
pub use failure::{Class, Failure};
pub use job::{Claimed, Job, NewJob, Progress};
pub use kind::Kind;
pub use lease::Lease;
pub use message::Message;
pub use retry::{MAX_ATTEMPTS, backoff};
pub use state::{Action, Prerequisite, State, transition};
pub use status::Status;
