//! Making and inspecting queues. In the cloud the template makes them; on one machine and in tests this does.

use std::collections::HashMap;

use aws_sdk_sqs::types::QueueAttributeName;
use serde_json::json;

use crate::{Error, Name, Queue, Settings};

/// How long SQS keeps a message nobody handles: 14 days, its maximum.
const RETENTION_S: u32 = 14 * 24 * 3600;

/// How a queue treats its messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How long a received message stays hidden unless the receiver says otherwise.
    pub visibility_s: u32,
    /// Receives after which a message moves to the dead-letter queue.
    pub max_receive_count: u32,
}

/// How many messages a queue holds; SQS calls these numbers approximate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Depth {
    /// Ready to be received.
    pub visible: u32,
    /// Received and not yet deleted.
    pub in_flight: u32,
}

impl Queue {
    /// Makes the queue `name` and its dead-letter queue `<name>-dead`, or gives existing ones this policy.
    pub async fn ensure(settings: &Settings, name: &str, policy: Policy) -> Result<Name, Error> {
        let queue = Self::connect(settings).await;
        let dead = queue.find_or_create(&format!("{name}-dead")).await?;
        let url = queue.find_or_create(name).await?;
        let arn = queue.attribute(&dead, QueueAttributeName::QueueArn).await?;
        let redrive = json!({
            "deadLetterTargetArn": arn,
            "maxReceiveCount": policy.max_receive_count,
        });
        queue
            .client
            .set_queue_attributes()
            .queue_url(url.url())
            .attributes(
                QueueAttributeName::VisibilityTimeout,
                policy.visibility_s.to_string(),
            )
            .attributes(
                QueueAttributeName::MessageRetentionPeriod,
                RETENTION_S.to_string(),
            )
            .attributes(QueueAttributeName::RedrivePolicy, redrive.to_string())
            .send()
            .await
            .map_err(Error::call("SetQueueAttributes"))?;
        Ok(url)
    }

    /// Counts what waits and what is being worked on.
    pub async fn depth(&self, of: &Name) -> Result<Depth, Error> {
        let all = self.attributes(of).await?;
        let count = |name| {
            all.get(&name)
                .and_then(|count| count.parse().ok())
                .unwrap_or_default()
        };
        Ok(Depth {
            visible: count(QueueAttributeName::ApproximateNumberOfMessages),
            in_flight: count(QueueAttributeName::ApproximateNumberOfMessagesNotVisible),
        })
    }

    /// Throws away everything in the queue.
    pub async fn purge(&self, name: &Name) -> Result<(), Error> {
        self.client
            .purge_queue()
            .queue_url(name.url())
            .send()
            .await
            .map_err(Error::call("PurgeQueue"))?;
        Ok(())
    }

    /// The dead-letter queue beside a queue made by [`Queue::ensure`].
    pub fn dead_of(name: &Name) -> Name {
        Name::new(format!("{}-dead", name.url()))
    }

    /// An emulator that restarted on another port knows its queues by their old address: look before creating.
    async fn find_or_create(&self, name: &str) -> Result<Name, Error> {
        let found = self.client.get_queue_url().queue_name(name).send().await;
        let url = match found.map_err(Error::call("GetQueueUrl")) {
            Ok(answer) => answer.queue_url,
            Err(error) if error.is_missing_queue() => {
                let made = self.client.create_queue().queue_name(name).send().await;
                made.map_err(Error::call("CreateQueue"))?.queue_url
            }
            Err(error) => return Err(error),
        };
        let missing = Error::Incomplete {
            operation: "CreateQueue",
            missing: "queue URL",
        };
        url.map(Name::new).ok_or(missing)
    }

    async fn attribute(&self, of: &Name, name: QueueAttributeName) -> Result<String, Error> {
        let missing = Error::Incomplete {
            operation: "GetQueueAttributes",
            missing: "attribute",
        };
        self.attributes(of).await?.remove(&name).ok_or(missing)
    }

    async fn attributes(&self, of: &Name) -> Result<HashMap<QueueAttributeName, String>, Error> {
        let answer = self
            .client
            .get_queue_attributes()
            .queue_url(of.url())
            .attribute_names(QueueAttributeName::All)
            .send()
            .await
            .map_err(Error::call("GetQueueAttributes"))?;
        Ok(answer.attributes.unwrap_or_default())
    }
}
