//! The time-limited right to work on a job.

use std::time::Duration;

use uuid::Uuid;

/// A claim's right to write: every later write shows the token and does nothing once somebody else took over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// Fencing value, fresh for every claim.
    pub token: Uuid,
    /// How long the right lasts without a heartbeat.
    pub duration: Duration,
}

impl Lease {
    /// Long enough for a few lost heartbeats, short enough that a crash is noticed soon.
    pub const DEFAULT_DURATION: Duration = Duration::from_mins(1);

    /// A lease of the default length.
    pub const fn new(token: Uuid) -> Self {
        Self {
            token,
            duration: Self::DEFAULT_DURATION,
        }
    }

    /// How often to send heartbeats: three fit into a lease, so that two may be lost.
    pub fn heartbeat_every(&self) -> Duration {
        self.duration / 4
    }
}
