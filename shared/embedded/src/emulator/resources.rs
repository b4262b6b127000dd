//! What Leito needs inside the emulator: the bucket and the queues that the template makes in the cloud.

use objects::Objects;
use queue::{Endpoint, Policy, Queue};

use crate::Error;

/// Bucket of the artefacts.
pub const DEFAULT_BUCKET: &str = "leito-artifacts";
/// Queue of packing jobs; its dead letters are in `leito-packing-dead`.
pub const PACKING_QUEUE: &str = "leito-packing";
/// Queue of flow jobs; its dead letters are in `leito-flow-dead`.
pub const FLOW_QUEUE: &str = "leito-flow";

/// The names to make, and how the queues treat their messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resources {
    /// Bucket name.
    pub bucket: String,
    /// Name of the packing queue.
    pub packing: String,
    /// Name of the flow queue.
    pub flow: String,
    /// Policy of both queues.
    pub policy: Policy,
}

impl Default for Resources {
    fn default() -> Self {
        Self {
            bucket: DEFAULT_BUCKET.to_owned(),
            packing: PACKING_QUEUE.to_owned(),
            flow: FLOW_QUEUE.to_owned(),
            policy: Policy {
                visibility_s: 120,
                max_receive_count: 5,
            },
        }
    }
}

impl Resources {
    /// Makes what is absent, gives existing queues the policy, and says how to reach everything.
    pub async fn ensure(
        &self,
        endpoint_url: &str,
    ) -> Result<(queue::Settings, objects::Settings), Error> {
        let endpoint = Endpoint::emulator(endpoint_url);
        let objects = objects::Settings {
            endpoint: endpoint.clone(),
            ..objects::Settings::new(&self.bucket)
        };
        Objects::connect(&objects).await.ensure_bucket().await?;
        let mut queues = queue::Settings {
            endpoint,
            packing: queue::Name::new(""),
            flow: queue::Name::new(""),
        };
        queues.packing = Queue::ensure(&queues, &self.packing, self.policy).await?;
        queues.flow = Queue::ensure(&queues, &self.flow, self.policy).await?;
        Ok((queues, objects))
    }
}
