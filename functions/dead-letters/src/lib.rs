//! The end of messages that were received too often: their job is failed, so that nobody waits for ever.

use aws_lambda_events::event::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use job::{Failure, Kind, Message};
use queue::Queue;
use store::{Store, jobs};
use worker::Parts;

/// How long a dead letter is hidden while it is dealt with.
const VISIBILITY_S: u32 = 60;

/// Handles a batch that Lambda received from a dead-letter queue; names the records that have to come back.
pub async fn handle(store: &Store, event: SqsEvent) -> SqsBatchResponse {
    let mut response = SqsBatchResponse::default();
    for record in event.records {
        let message_id = record.message_id.unwrap_or_default();
        if let Err(error) = bury(store, &message_id, &record.body.unwrap_or_default()).await {
            tracing::error!(message_id, %error, "dead letter {message_id} comes back");
            let mut failed = BatchItemFailure::default();
            failed.item_identifier = message_id;
            response.batch_item_failures.push(failed);
        }
    }
    response
}

/// The same without Lambda: empties both dead-letter queues, and says how many letters there were.
pub async fn drain(parts: &Parts) -> Result<usize, worker::Error> {
    let mut letters = 0;
    for kind in [Kind::Packing, Kind::Flow] {
        let dead = Queue::dead_of(parts.queue.of(kind));
        loop {
            let batch = parts.queue.receive(&dead, 10, 0, VISIBILITY_S).await?;
            if batch.is_empty() {
                break;
            }
            for letter in &batch {
                bury(&parts.store, &letter.message_id, &letter.body).await?;
                parts.queue.delete(&dead, &letter.receipt).await?;
                letters += 1;
            }
        }
    }
    Ok(letters)
}

async fn bury(store: &Store, message_id: &str, body: &str) -> Result<(), store::Error> {
    let job_id = match Message::parse(body) {
        Ok(message) => message.job_id,
        Err(error) => {
            tracing::error!(message_id, body, %error, "dropped a dead letter that names no job");
            return Ok(());
        }
    };
    let failure = Failure::permanent("dead_letter", "no worker could handle the job's message");
    let mut client = store.client().await?;
    let tx = client.transaction().await?;
    let abandoned = jobs::abandon(&tx, job_id, &failure).await?;
    tx.commit().await?;
    if let Some(job) = abandoned {
        tracing::error!(%job_id, status = %job.status, "job {job_id} ended with its dead letter");
    } else {
        tracing::info!(%job_id, "a dead letter of job {job_id} changed nothing");
    }
    Ok(())
}
