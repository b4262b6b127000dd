//! The same work for a batch of records that Lambda received from SQS. Lambda deletes what succeeded; what is named as
//! failed comes back.

use aws_lambda_events::event::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use queue::Delivery;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::attempt::Fate;
use crate::{Handler, Worker};

impl<H: Handler> Worker<H> {
    /// Handles each record on its own; a bad one fails alone. `shutdown` fires shortly before the function's time is up.
    pub async fn handle_batch(
        &self,
        event: SqsEvent,
        shutdown: CancellationToken,
    ) -> SqsBatchResponse {
        let end = CancellationToken::new();
        let announcing = tokio::spawn(self.announcer.clone().run(end.clone()));
        let mut running = JoinSet::new();
        for record in event.records {
            let (worker, shutdown) = (self.clone(), shutdown.clone());
            running.spawn(async move { worker.handle_record(record, &shutdown).await });
        }
        let failed = running.join_all().await.into_iter().flatten();
        let mut response = SqsBatchResponse::default();
        response.batch_item_failures = failed.map(item).collect();
        self.relayer.relay().await;
        end.cancel();
        // A panic in it has been logged.
        let _ = announcing.await;
        response
    }

    /// Gives the id of a record that has to come back.
    async fn handle_record(
        &self,
        record: SqsMessage,
        shutdown: &CancellationToken,
    ) -> Option<String> {
        let delivery = Delivery {
            message_id: record.message_id.unwrap_or_default(),
            body: record.body.unwrap_or_default(),
            receipt: record.receipt_handle.unwrap_or_default(),
        };
        let fate = self.handle(&delivery, shutdown).await;
        match fate {
            Fate::Delete => return None,
            Fate::Again(wait) => {
                let name = self.parts.queue.of(self.handler.kind());
                self.put_back(name, &delivery.receipt, wait).await;
            }
            Fate::Unreachable => {}
        }
        Some(delivery.message_id)
    }
}

fn item(id: String) -> BatchItemFailure {
    let mut item = BatchItemFailure::default();
    item.item_identifier = id;
    item
}
