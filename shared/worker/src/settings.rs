//! How a worker behaves.

use std::path::PathBuf;
use std::time::Duration;

use job::Lease;

/// How a worker behaves.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where jobs get their private folders.
    pub work_dir: PathBuf,
    /// Processor cores one job may use.
    pub cores: usize,
    /// Jobs at once: one for engines, which fill the machine.
    pub concurrency: usize,
    /// Receive calls at once.
    pub pollers: usize,
    /// How long a receive call waits for a message, 0 to 20 s.
    pub wait: Duration,
    /// How long a claim lasts without a heartbeat; the message stays hidden a little longer.
    pub lease: Duration,
    /// How often progress is written and a request to cancel is noticed; at most a quarter of the lease.
    pub heartbeat: Duration,
    /// A handler that reports no progress for so long hangs.
    pub silence: Duration,
    /// How long a handler may take to stop before it is dropped.
    pub grace: Duration,
    /// Whether the order to stop means that a job has had all the time it may have: then the attempt counts. Elsewhere it
    /// means that the machine is needed or gone, for which no job is to blame.
    pub time_is_limited: bool,
}

impl Settings {
    /// One job at a time on so many cores, with the usual patience.
    pub fn new(work_dir: impl Into<PathBuf>, cores: usize) -> Self {
        Self {
            work_dir: work_dir.into(),
            cores,
            concurrency: 1,
            pollers: 1,
            wait: Duration::from_secs(20),
            lease: Lease::DEFAULT_DURATION,
            heartbeat: Duration::from_secs(1),
            silence: Duration::from_mins(30),
            grace: Duration::from_secs(20),
            time_is_limited: false,
        }
    }

    /// Longer than the lease: a message that comes back finds the lease of a dead worker expired.
    pub(crate) fn visibility_s(&self) -> u32 {
        const MARGIN_S: u64 = 2;
        u32::try_from(self.lease.as_secs() + MARGIN_S).unwrap_or(u32::MAX)
    }

    pub(crate) fn heartbeat_every(&self) -> Duration {
        self.heartbeat.min(self.lease / 4)
    }
}
