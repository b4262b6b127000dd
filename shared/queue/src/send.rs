//! Sending, one by one or in batches whose entries fail on their own.

use aws_sdk_sqs::types::{BatchResultErrorEntry, SendMessageBatchRequestEntry};
use serde::Serialize;

use crate::{Error, Failed, Name, Queue};

/// The most entries SQS takes in one batch call.
pub(crate) const BATCH: usize = 10;

impl Queue {
    /// Sends one message.
    pub async fn send<M: Serialize + Sync>(&self, to: &Name, message: &M) -> Result<(), Error> {
        self.client
            .send_message()
            .queue_url(to.url())
            .message_body(serde_json::to_string(message)?)
            .send()
            .await
            .map_err(Error::call("SendMessage"))?;
        Ok(())
    }

    /// Sends any number of messages, ten a call. The answer names those that were not taken;
    /// an error means that nothing is known about the messages from some batch on.
    pub async fn send_batch<M: Serialize + Sync>(
        &self,
        to: &Name,
        messages: &[M],
    ) -> Result<Vec<Failed>, Error> {
        let mut failed = Vec::new();
        for (batch, messages) in messages.chunks(BATCH).enumerate() {
            let entries = messages
                .iter()
                .enumerate()
                .map(|(index, message)| entry(index, message))
                .collect::<Result<Vec<_>, _>>()?;
            let answer = self
                .client
                .send_message_batch()
                .queue_url(to.url())
                .set_entries(Some(entries))
                .send()
                .await
                .map_err(Error::call("SendMessageBatch"))?;
            failed.extend(answer.failed().iter().map(|entry| refused(batch, entry)));
        }
        Ok(failed)
    }
}

fn entry<M: Serialize>(index: usize, message: &M) -> Result<SendMessageBatchRequestEntry, Error> {
    SendMessageBatchRequestEntry::builder()
        .id(index.to_string())
        .message_body(serde_json::to_string(message)?)
        .build()
        .map_err(|_| Error::Incomplete {
            operation: "SendMessageBatch",
            missing: "entry",
        })
}

/// The refused entry, its index counted over all batches.
pub(crate) fn refused(batch: usize, entry: &BatchResultErrorEntry) -> Failed {
    Failed {
        index: batch * BATCH + entry.id().parse::<usize>().unwrap_or_default(),
        code: entry.code().to_owned(),
        message: entry.message().unwrap_or_default().to_owned(),
    }
}
