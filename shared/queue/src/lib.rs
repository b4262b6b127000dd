//! SQS: sending, receiving and looking after the queues Leito's jobs wake up on.
//! Bodies are whatever serialises; this crate never looks into them and never touches the database.

mod admin;
mod error;
mod receive;
mod send;
mod settings;

pub use admin::{Depth, Policy};
pub use aws::Endpoint;
pub use error::{Error, Failed};
pub use receive::Delivery;
pub use settings::{Name, Settings};

use aws_sdk_sqs::Client;
use job::Kind;

/// A connection to SQS that knows the two queues of Leito. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Queue {
    client: Client,
    packing: Name,
    flow: Name,
}

impl Queue {
    /// Makes the client. Nothing is sent: a wrong address shows at the first call.
    pub async fn connect(settings: &Settings) -> Self {
        Self {
            client: settings.client().await,
            packing: settings.packing.clone(),
            flow: settings.flow.clone(),
        }
    }

    /// The queue that wakes up the worker of this kind of job.
    pub fn of(&self, kind: Kind) -> &Name {
        match kind {
            Kind::Packing => &self.packing,
            Kind::Flow => &self.flow,
        }
    }
}
