//! The loop of a worker that runs for as long as its process: receive, hand out, stop when told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use queue::{Delivery, Name};
use tokio::sync::mpsc::{self, UnboundedSender};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::attempt::Fate;
use crate::{Handler, Worker, deleter, folder};

/// Pause after a failed receive and between looks at a database that is away.
const PAUSE: Duration = Duration::from_secs(1);
/// As many as one receive call gives.
const BATCH: usize = 10;
/// How long a free hand waits for others before it receives: short jobs end one by one, and a receive call for each
/// message would cost more than the job.
const COMPANY: Duration = Duration::from_millis(10);

/// What the receiving tasks share.
struct Desk<H> {
    worker: Worker<H>,
    name: Name,
    hands: Arc<Semaphore>,
    running: TaskTracker,
    deletions: UnboundedSender<String>,
    /// Whether the database was away when it was last asked for: then nothing is received, which would only use up the
    /// messages' receives.
    database_away: AtomicBool,
    shutdown: CancellationToken,
}

impl<H: Handler> Worker<H> {
    /// Works until `shutdown` fires and everything running has been finished or given back.
    pub async fn run(&self, shutdown: CancellationToken) {
        if let Err(error) = folder::sweep(&self.settings.work_dir).await {
            tracing::warn!(%error, "left folders in {} stay", self.settings.work_dir.display());
        }
        let name = self.parts.queue.of(self.handler.kind()).clone();
        let (deletions, receipts) = mpsc::unbounded_channel();
        let deleting = tokio::spawn(deleter::run(
            self.parts.queue.clone(),
            name.clone(),
            receipts,
        ));
        let end = CancellationToken::new();
        let relayer = self.relayer.clone();
        let relaying = tokio::spawn({
            let end = end.clone();
            async move { relayer.run(end).await }
        });
        let announcing = tokio::spawn(self.announcer.clone().run(end.clone()));
        let desk = Arc::new(Desk {
            worker: self.clone(),
            name,
            hands: Arc::new(Semaphore::new(self.settings.concurrency)),
            running: TaskTracker::new(),
            deletions,
            database_away: AtomicBool::new(false),
            shutdown,
        });
        let mut pollers = JoinSet::new();
        for _ in 0..self.settings.pollers {
            pollers.spawn(Arc::clone(&desk).poll());
        }
        pollers.join_all().await;
        desk.running.close();
        desk.running.wait().await;
        drop(desk);
        end.cancel();
        // All end by themselves now; a panic in them has been logged.
        let _ = tokio::join!(deleting, relaying, announcing);
    }
}

impl<H: Handler> Desk<H> {
    async fn poll(self: Arc<Self>) {
        while !self.shutdown.is_cancelled() {
            let stopped = self.shutdown.cancelled();
            tokio::select! {
                () = stopped => return,
                () = Self::round(&self) => {}
            }
        }
    }

    /// One receive call for as many messages as there are free hands. Dropped in the middle it loses nothing: what
    /// SQS gave meanwhile is seen again.
    async fn round(desk: &Arc<Self>) {
        if desk.database_away.load(Ordering::Relaxed) {
            return sleep(PAUSE).await;
        }
        let Some(mut hands) = desk.free_hands().await else {
            return;
        };
        let settings = &desk.worker.settings;
        let wait_s = u32::try_from(settings.wait.as_secs()).unwrap_or(u32::MAX);
        let max = u8::try_from(hands.len()).unwrap_or(u8::MAX);
        let queue = &desk.worker.parts.queue;
        match queue
            .receive(&desk.name, max, wait_s, settings.visibility_s())
            .await
        {
            Ok(deliveries) => {
                for delivery in deliveries {
                    desk.hand_out(delivery, hands.pop());
                }
            }
            Err(error) => {
                tracing::warn!(%error, "cannot receive from {}", desk.name);
                sleep(PAUSE).await;
            }
        }
    }

    /// Waits for one, and a moment for as many as one call can fill.
    async fn free_hands(&self) -> Option<Vec<OwnedSemaphorePermit>> {
        let most = self.worker.settings.concurrency.min(BATCH);
        let free = || Arc::clone(&self.hands).acquire_owned();
        let mut hands = vec![free().await.ok()?];
        let until = Instant::now() + COMPANY;
        while hands.len() < most {
            match timeout_at(until, free()).await {
                Ok(hand) => hands.push(hand.ok()?),
                Err(_) => break,
            }
        }
        Some(hands)
    }

    fn hand_out(self: &Arc<Self>, delivery: Delivery, hand: Option<OwnedSemaphorePermit>) {
        let desk = Arc::clone(self);
        self.running.spawn(async move {
            let fate = desk.worker.handle(&delivery, &desk.shutdown).await;
            desk.settle(delivery.receipt, fate).await;
            drop(hand);
        });
    }

    async fn settle(&self, receipt: String, fate: Fate) {
        match fate {
            // The other end lives as long as this.
            Fate::Delete => drop(self.deletions.send(receipt)),
            Fate::Again(wait) => self.worker.put_back(&self.name, &receipt, wait).await,
            Fate::Unreachable => {
                self.database_away.store(true, Ordering::Relaxed);
                self.worker.put_back(&self.name, &receipt, PAUSE).await;
                self.await_database().await;
            }
        }
    }

    /// Asks for the database until it is back.
    async fn await_database(&self) {
        while self.worker.parts.store.ping().await.is_err() {
            tokio::select! {
                () = sleep(PAUSE) => {}
                () = self.shutdown.cancelled() => return,
            }
        }
        self.database_away.store(false, Ordering::Relaxed);
    }
}

impl<H: Handler> Worker<H> {
    /// Best effort: at worst the message is seen when its visibility ends.
    pub(crate) async fn put_back(&self, name: &Name, receipt: &str, wait: Duration) {
        let wait_s = u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u32::MAX);
        if let Err(error) = self.parts.queue.extend(name, receipt, wait_s).await {
            tracing::debug!(%error, "a message could not be put back, it comes back by itself");
        }
    }
}
