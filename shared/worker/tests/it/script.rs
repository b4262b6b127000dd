//! A handler that does what a test tells it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use job::{Failure, Job, Kind};
use store::Transaction;
use tokio::sync::Semaphore;
use worker::{Handler, Work};

/// What a run does.
#[derive(Clone, Copy)]
pub enum Act {
    /// Returns its result.
    Succeed,
    /// Works until told to stop, as engines do.
    UntilStopped,
    /// Works until [`Script::release`], then returns its result.
    UntilReleased,
    /// Never ends and hears nothing.
    Hang,
    /// Keeps the whole thread from running anything else, as a paused machine would.
    Freeze(Duration),
    /// Panics.
    Panic,
    /// Fails in a way that another attempt may cure.
    Retry,
    /// Fails for good.
    Permanent,
}

/// Does one act, and counts.
#[derive(Clone)]
pub struct Script {
    act: Act,
    runs: Arc<AtomicU32>,
    gate: Arc<Semaphore>,
}

impl Script {
    pub fn new(act: Act) -> Self {
        Self {
            act,
            runs: Arc::default(),
            gate: Arc::new(Semaphore::new(0)),
        }
    }

    /// How often a run began.
    pub fn runs(&self) -> u32 {
        self.runs.load(Ordering::SeqCst)
    }

    /// Lets every run that waits for it go on.
    pub fn release(&self) {
        self.gate.add_permits(1000);
    }
}

#[async_trait]
impl Handler for Script {
    type Output = ();

    fn kind(&self) -> Kind {
        Kind::Packing
    }

    async fn run(&self, work: &Work) -> Result<(), Failure> {
        self.runs.fetch_add(1, Ordering::SeqCst);
        assert!(work.dir.is_dir(), "the private folder is there");
        work.progress("scripted", 0.5, None);
        match self.act {
            Act::Succeed => Ok(()),
            Act::UntilStopped => {
                work.cancel.cancelled().await;
                Err(Failure::permanent(
                    "stopped",
                    "the reason to stop counts, not this",
                ))
            }
            Act::UntilReleased => {
                let _pass = self.gate.acquire().await.unwrap();
                Ok(())
            }
            Act::Hang => std::future::pending().await,
            Act::Freeze(time) => {
                std::thread::sleep(time);
                Ok(())
            }
            Act::Panic => panic!("as scripted"),
            Act::Retry => Err(Failure::retry("scripted", "worth another attempt")),
            Act::Permanent => {
                Err(Failure::permanent("scripted", "hopeless").with_last_words("FOAM FATAL ERROR"))
            }
        }
    }

    async fn finish(&self, _: &Transaction<'_>, _: &Job, (): &()) -> Result<(), store::Error> {
        Ok(())
    }
}
