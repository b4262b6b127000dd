//! What every stage is given: a folder of its own, cores, a way to be stopped and a way to tell how far it is.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

/// How far a stage is. Every number comes from a signal of the engine, none is made up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// What is being done, such as `packing` or `solving`.
    pub stage: &'static str,
    /// Share of the stage that is done, 0 to 1.
    pub fraction: f64,
    /// Seconds left at the rate measured so far; `None` while no rate is known.
    pub eta_s: Option<f64>,
}

/// What a stage runs with.
#[derive(Clone)]
pub struct Context {
    /// Existing folder of this run alone; it also becomes `HOME` and `TMPDIR` of the engines.
    pub dir: PathBuf,
    /// Processor cores the stage may keep busy.
    pub cores: usize,
    /// Stops the stage and every process of it.
    pub cancel: CancellationToken,
    /// Hears of every progress.
    pub progress: Arc<dyn Fn(Progress) + Send + Sync>,
}

impl Context {
    /// A context that tells its progress to nobody.
    pub fn new(dir: impl Into<PathBuf>, cores: usize) -> Self {
        Self {
            dir: dir.into(),
            cores,
            cancel: CancellationToken::new(),
            progress: Arc::new(|_| ()),
        }
    }

    /// Tells how far `stage` is; the fraction is kept inside 0 to 1.
    pub fn report(&self, stage: &'static str, fraction: f64, eta_s: Option<f64>) {
        (self.progress)(Progress {
            stage,
            fraction: fraction.clamp(0.0, 1.0),
            eta_s,
        });
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("dir", &self.dir)
            .field("cores", &self.cores)
            .finish_non_exhaustive()
    }
}
