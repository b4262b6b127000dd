//! Watches how much memory a family of processes takes while it runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::task::JoinHandle;

use super::family::Family;

/// Pauses between looks: short runs are seen at least once, long ones cost a look (about 3 ms) a second.
const PAUSES_MS: [u64; 6] = [10, 20, 50, 100, 200, 500];
const LATER_PAUSE_MS: u64 = 1000;

pub(super) struct Watch {
    peak_bytes: Arc<AtomicU64>,
    task: JoinHandle<()>,
}

impl Watch {
    pub(super) fn start(family: Family) -> Self {
        let peak_bytes = Arc::new(AtomicU64::new(0));
        let task = tokio::spawn(look_now_and_then(family, Arc::clone(&peak_bytes)));
        Self { peak_bytes, task }
    }

    /// Largest sum seen at one look, in MB (10⁶ bytes).
    pub(super) fn peak_mb(&self) -> f64 {
        self.peak_bytes.load(Ordering::Relaxed) as f64 / 1e6
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn look_now_and_then(family: Family, peak_bytes: Arc<AtomicU64>) {
    for pause in PAUSES_MS
        .into_iter()
        .chain(std::iter::repeat(LATER_PAUSE_MS))
    {
        tokio::time::sleep(Duration::from_millis(pause)).await;
        let family = family.clone();
        let Ok(bytes) = tokio::task::spawn_blocking(move || family.resident_bytes()).await else {
            return;
        };
        peak_bytes.fetch_max(bytes, Ordering::Relaxed);
    }
}
