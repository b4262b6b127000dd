//! From the outbox to the queues.

use std::sync::Arc;

use job::{Kind, Message};
use queue::Queue;
use store::outbox::{self, Outgoing};
use store::{Store, Transaction};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::Error;

/// Rows sent under one lock.
const BATCH: i64 = 100;

/// What a relay did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Relayed {
    /// Messages the queues took.
    pub sent: usize,
    /// Messages the queues refused; they stay in the outbox.
    pub refused: usize,
}

/// Sends everything that is due. Relays may run at the same time: they never send the same row, and a crash between
/// sending and committing sends it twice, which a claim does not mind.
pub async fn relay(store: &Store, queue: &Queue) -> Result<Relayed, Error> {
    let mut all = Relayed::default();
    loop {
        let mut client = store.client().await?;
        let tx = client.transaction().await.map_err(store::Error::from)?;
        let due = outbox::unsent(&tx, BATCH).await?;
        if due.is_empty() {
            return Ok(all);
        }
        let (batch, failure) = send(&tx, queue, &due).await?;
        tx.commit().await.map_err(store::Error::from)?;
        if let Some(failure) = failure {
            return Err(failure.into());
        }
        all.sent += batch.sent;
        all.refused += batch.refused;
        // A refused row is due again at once: it waits for the next relay.
        if due.len() < usize::try_from(BATCH).unwrap_or(usize::MAX) || batch.refused > 0 {
            return Ok(all);
        }
    }
}

/// A queue that is away does not hold up the other: its failure is told once what the other took is marked.
async fn send(
    tx: &Transaction<'_>,
    queue: &Queue,
    due: &[Outgoing],
) -> Result<(Relayed, Option<queue::Error>), Error> {
    let mut sent = Vec::with_capacity(due.len());
    let mut failure = None;
    for kind in [Kind::Packing, Kind::Flow] {
        let rows: Vec<&Outgoing> = due.iter().filter(|row| row.kind == kind).collect();
        let messages: Vec<Message> = rows.iter().map(|row| row.message).collect();
        let refused = match queue.send_batch(queue.of(kind), &messages).await {
            Ok(refused) => refused,
            Err(error) => {
                failure = Some(error);
                continue;
            }
        };
        for failed in &refused {
            tracing::warn!(
                code = failed.code,
                "the {kind} queue refused a message: {}",
                failed.message
            );
        }
        let taken = |index: usize| refused.iter().all(|failed| failed.index != index);
        sent.extend(
            rows.iter()
                .enumerate()
                .filter(|(index, _)| taken(*index))
                .map(|(_, row)| row.id),
        );
    }
    outbox::mark_sent(tx, &sent).await?;
    let relayed = Relayed {
        sent: sent.len(),
        refused: due.len() - sent.len(),
    };
    Ok((relayed, failure))
}

/// Relays in the background, once for however many commits came meanwhile.
#[derive(Clone)]
pub(crate) struct Relayer {
    store: Store,
    queue: Queue,
    due: Arc<Notify>,
}

impl Relayer {
    pub fn new(store: Store, queue: Queue) -> Self {
        Self {
            store,
            queue,
            due: Arc::default(),
        }
    }

    /// Says that a commit may have filled the outbox.
    pub fn wake(&self) {
        self.due.notify_one();
    }

    /// Relays whenever woken, and a last time at the end.
    pub async fn run(&self, end: CancellationToken) {
        while end.run_until_cancelled(self.due.notified()).await.is_some() {
            self.relay().await;
        }
        self.relay().await;
    }

    /// Relays now. A failure costs time only: the scheduled sweep sends what is left.
    pub async fn relay(&self) {
        if let Err(error) = relay(&self.store, &self.queue).await {
            tracing::warn!(%error, "the outbox could not be relayed, the sweep will do it");
        }
    }
}
