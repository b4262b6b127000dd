//! From the outbox to the queues, right after the commit that filled it.

use std::time::Duration;

use job::{Kind, Message};
use queue::Queue;
use store::{Client, outbox};
use tracing::warn;

/// As many as SQS takes in one call; one request writes one or two.
const AT_MOST: i64 = 10;

/// The caller waits for this, so it is short.
const PATIENCE: Duration = Duration::from_secs(3);

/// Sends due messages and says only in the log when that did not work: the rows stay and are swept later.
pub(crate) async fn relay(queue: &Queue, client: &mut Client) {
    match tokio::time::timeout(PATIENCE, send_due(queue, client)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => warn!(%error, "workers were not woken, the sweep will do it"),
        Err(_) => warn!("the queue is slow, the sweep will wake the workers"),
    }
}

async fn send_due(queue: &Queue, client: &mut Client) -> Result<(), Failed> {
    let tx = client.transaction().await.map_err(store::Error::from)?;
    let due = outbox::unsent(&tx, AT_MOST).await?;
    let mut sent = Vec::with_capacity(due.len());
    for kind in [Kind::Packing, Kind::Flow] {
        let of_kind: Vec<_> = due.iter().filter(|row| row.kind == kind).collect();
        let messages: Vec<Message> = of_kind.iter().map(|row| row.message).collect();
        let refused = queue.send_batch(queue.of(kind), &messages).await?;
        let taken = |index: usize| refused.iter().all(|failed| failed.index != index);
        sent.extend(
            of_kind
                .iter()
                .enumerate()
                .filter(|(index, _)| taken(*index))
                .map(|(_, row)| row.id),
        );
    }
    outbox::mark_sent(&tx, &sent).await?;
    Ok(tx.commit().await.map_err(store::Error::from)?)
}

#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error("outbox: {0}")]
    Store(#[from] store::Error),
    #[error("queue: {0}")]
    Queue(#[from] queue::Error),
}
