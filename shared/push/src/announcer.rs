//! Announcing in the background, for workers.

use std::sync::Arc;
use std::time::Duration;

use store::Store;
use tokio::sync::Notify;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::Live;

/// Pause after each round, for events come many at a time.
const PAUSE: Duration = Duration::from_millis(200);

/// Announces once for however many commits came meanwhile. Cheap to clone.
#[derive(Clone)]
pub struct Announcer {
    store: Store,
    live: Live,
    due: Arc<Notify>,
}

impl Announcer {
    /// Does nothing before [`Self::run`].
    pub fn new(store: Store, live: Live) -> Self {
        Self {
            store,
            live,
            due: Arc::default(),
        }
    }

    /// Says that a commit may have written an event.
    pub fn wake(&self) {
        self.due.notify_one();
    }

    /// Announces whenever woken, and a last time at the end.
    pub async fn run(self, end: CancellationToken) {
        while end.run_until_cancelled(self.due.notified()).await.is_some() {
            self.live.announce(&self.store).await;
            end.run_until_cancelled(sleep(PAUSE)).await;
        }
        self.live.announce(&self.store).await;
    }
}
