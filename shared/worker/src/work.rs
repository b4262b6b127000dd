//! What a handler gets: its job, a private folder, a way to report and to be stopped, and the outputs of former stages.

mod stages;
mod stored;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use job::{Claimed, Job, Progress};
use objects::Objects;
use store::Store;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::stop::Stop;

pub use stages::Stage;
pub use stored::StoredFile;

/// One attempt at one job.
pub struct Work {
    /// The job as the claim left it.
    pub job: Job,
    /// A private folder, empty at the start and removed at the end.
    pub dir: PathBuf,
    /// Processor cores to use.
    pub cores: usize,
    /// Fires when the handler has to stop.
    pub cancel: CancellationToken,
    pub(crate) claimed: Claimed,
    pub(crate) store: Store,
    pub(crate) objects: Objects,
    pub(crate) stop: Arc<Stop>,
    pub(crate) report: Arc<Report>,
}

impl Work {
    /// Says how far the stage is. Cheap: the newest report is written about once a second, older ones are forgotten.
    pub fn progress(&self, stage: &str, fraction: f64, eta_s: Option<f64>) {
        self.report.write(Progress {
            stage: stage.to_owned(),
            fraction,
            eta_s,
        });
    }

    /// The same as a function that can be given away.
    pub fn reporter(&self) -> Arc<dyn Fn(Progress) + Send + Sync> {
        let report = Arc::clone(&self.report);
        Arc::new(move |progress| report.write(progress))
    }
}

/// The newest progress and when it came.
#[derive(Debug)]
pub(crate) struct Report(Mutex<Newest>);

#[derive(Debug)]
struct Newest {
    unwritten: Option<Progress>,
    at: Instant,
}

impl Report {
    pub fn new() -> Self {
        Self(Mutex::new(Newest {
            unwritten: None,
            at: Instant::now(),
        }))
    }

    fn write(&self, progress: Progress) {
        let mut newest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        newest.unwritten = Some(progress);
        newest.at = Instant::now();
    }

    /// What has not been stored yet.
    pub fn take(&self) -> Option<Progress> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .unwritten
            .take()
    }

    /// How long nothing was reported.
    pub fn silent_for(&self) -> Duration {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .at
            .elapsed()
    }
}
