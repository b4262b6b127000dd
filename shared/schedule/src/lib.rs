//! What runs on a schedule: when it is due, that it happens at most once for each of its times, and what is recorded of
//! it. The same in the cloud, where EventBridge says the time, and on one machine, where a timer does. Knows nothing of
//! what the schedules do.

mod error;
mod run;
mod time;

pub use error::Error;
pub use run::{Ended, Left, run};
pub use time::{due, previous_and_next};

use std::time::Duration;

/// One schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// Its name in `scheduled_runs`.
    pub name: &'static str,
    /// Its times are the whole multiples of this since 1970, UTC.
    pub every: Duration,
    /// How long a run may work; it ends by itself before.
    pub budget: Duration,
}

/// From the outbox to the queues, and jobs that nobody would touch again.
pub const OUTBOX_RELAY: Schedule = Schedule {
    name: "outbox-relay",
    every: Duration::from_mins(1),
    budget: Duration::from_secs(25),
};

/// Rows and objects that nobody needs any more.
pub const CLEANUP: Schedule = Schedule {
    name: "cleanup",
    every: Duration::from_hours(1),
    budget: Duration::from_mins(4),
};

/// What was used, summed up.
pub const USAGE_STATS: Schedule = Schedule {
    name: "usage-stats",
    every: Duration::from_hours(1),
    budget: Duration::from_mins(4),
};

/// A copy of everything; how often is a setting.
pub const BACKUP: Schedule = Schedule {
    name: "backup",
    every: Duration::from_hours(24),
    budget: Duration::from_hours(6),
};

/// Those that run everywhere.
pub const ALWAYS: [Schedule; 3] = [OUTBOX_RELAY, CLEANUP, USAGE_STATS];

impl Schedule {
    /// The same, this often.
    #[must_use]
    pub const fn each(mut self, every: Duration) -> Self {
        self.every = every;
        self
    }
}
