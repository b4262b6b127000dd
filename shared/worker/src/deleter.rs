//! Deletes handled messages in batches: at ten a call, the queue keeps up with short jobs.

use std::time::Duration;

use queue::{Name, Queue};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::timeout;

/// As many as one call takes.
const BATCH: usize = 10;
/// How long a receipt waits for company.
const COMPANY: Duration = Duration::from_millis(10);

/// Deletes what arrives until the other end is closed.
pub(crate) async fn run(queue: Queue, name: Name, mut receipts: UnboundedReceiver<String>) {
    while let Some(first) = receipts.recv().await {
        let mut batch = vec![first];
        while batch.len() < BATCH {
            match timeout(COMPANY, receipts.recv()).await {
                Ok(Some(receipt)) => batch.push(receipt),
                Ok(None) | Err(_) => break,
            }
        }
        delete(&queue, &name, &batch).await;
    }
}

/// A message that stays comes back, finds its job finished and is deleted then.
async fn delete(queue: &Queue, name: &Name, batch: &[String]) {
    match queue.delete_batch(name, batch).await {
        Ok(failed) if failed.is_empty() => {}
        Ok(failed) => tracing::warn!(
            ?failed,
            "{} handled messages were not deleted",
            failed.len()
        ),
        Err(error) => tracing::warn!(%error, "handled messages were not deleted"),
    }
}
