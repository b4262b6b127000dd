//! Receiving, and what becomes of a received message.

use aws_sdk_sqs::types::{DeleteMessageBatchRequestEntry, Message};

use crate::send::{BATCH, refused};
use crate::{Error, Failed, Name, Queue};

/// One delivery of a message. Two deliveries of one message have different receipts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// SQS's id of the message, for logs.
    pub message_id: String,
    /// The body as it was sent.
    pub body: String,
    /// What deleting and extending need.
    pub receipt: String,
}

impl Queue {
    /// Waits up to `wait_s` (0 to 20) for up to `max` (1 to 10) messages and hides them for `visibility_s`.
    pub async fn receive(
        &self,
        from: &Name,
        max: u8,
        wait_s: u32,
        visibility_s: u32,
    ) -> Result<Vec<Delivery>, Error> {
        let answer = self
            .client
            .receive_message()
            .queue_url(from.url())
            .max_number_of_messages(i32::from(max))
            .wait_time_seconds(wait_s.cast_signed())
            .visibility_timeout(visibility_s.cast_signed())
            .send()
            .await
            .map_err(Error::call("ReceiveMessage"))?;
        Ok(answer
            .messages
            .unwrap_or_default()
            .into_iter()
            .map(delivery)
            .collect())
    }

    /// Hides a received message for `visibility_s` from now on; with 0 the next receive sees it at once.
    pub async fn extend(&self, from: &Name, receipt: &str, visibility_s: u32) -> Result<(), Error> {
        self.client
            .change_message_visibility()
            .queue_url(from.url())
            .receipt_handle(receipt)
            .visibility_timeout(visibility_s.cast_signed())
            .send()
            .await
            .map_err(Error::call("ChangeMessageVisibility"))?;
        Ok(())
    }

    /// Removes a message for good.
    pub async fn delete(&self, from: &Name, receipt: &str) -> Result<(), Error> {
        self.client
            .delete_message()
            .queue_url(from.url())
            .receipt_handle(receipt)
            .send()
            .await
            .map_err(Error::call("DeleteMessage"))?;
        Ok(())
    }

    /// Removes any number of messages, ten a call; names those that were not removed.
    pub async fn delete_batch(
        &self,
        from: &Name,
        receipts: &[String],
    ) -> Result<Vec<Failed>, Error> {
        let mut failed = Vec::new();
        for (batch, receipts) in receipts.chunks(BATCH).enumerate() {
            let entries = receipts
                .iter()
                .enumerate()
                .map(|(index, receipt)| entry(index, receipt))
                .collect::<Result<Vec<_>, _>>()?;
            let answer = self
                .client
                .delete_message_batch()
                .queue_url(from.url())
                .set_entries(Some(entries))
                .send()
                .await
                .map_err(Error::call("DeleteMessageBatch"))?;
            failed.extend(answer.failed().iter().map(|entry| refused(batch, entry)));
        }
        Ok(failed)
    }
}

fn entry(index: usize, receipt: &str) -> Result<DeleteMessageBatchRequestEntry, Error> {
    DeleteMessageBatchRequestEntry::builder()
        .id(index.to_string())
        .receipt_handle(receipt)
        .build()
        .map_err(|_| Error::Incomplete {
            operation: "DeleteMessageBatch",
            missing: "entry",
        })
}

fn delivery(message: Message) -> Delivery {
    Delivery {
        message_id: message.message_id.unwrap_or_default(),
        body: message.body.unwrap_or_default(),
        receipt: message.receipt_handle.unwrap_or_default(),
    }
}
