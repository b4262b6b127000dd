//! Telling those who watch jobs what happened since they were last told: one way for API Gateway's connections and for
//! those of this machine. Decides nothing and knows no protocol but its own messages; what is to be told is in the store.

mod announce;
mod announcer;
mod gateway;
mod hub;
mod message;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use store::Store;

pub use announcer::Announcer;
pub use gateway::ApiGateway;
pub use hub::Hub;

/// Reaches open WebSockets.
#[async_trait]
pub trait Push: Send + Sync {
    /// Names what the connections go through: those that were stored under this name can be reached.
    fn gateway(&self) -> &str;

    /// Sends a text. Messages to one connection arrive in the order in which these calls were made one after the other.
    async fn post(&self, connection_id: &str, text: String) -> Result<(), NotSent>;
}

/// Why a connection was not told something.
#[derive(Debug, thiserror::Error)]
pub enum NotSent {
    /// It is closed: it never will be told anything.
    #[error("the connection is closed")]
    Gone,
    /// Worth another try. The message may have arrived all the same, when it is the answer that was lost.
    #[error("the connection could not be told: {0}")]
    Failed(String),
}

/// The way to those who watch, if there is one. Cheap to clone.
#[derive(Clone, Default)]
pub struct Live(Option<Arc<dyn Push>>);

impl Live {
    /// Through this gateway.
    pub fn through(push: Arc<dyn Push>) -> Self {
        Self(Some(push))
    }

    /// The gateway; none where nobody can watch.
    pub fn push(&self) -> Option<&dyn Push> {
        self.0.as_deref()
    }

    /// Tells all who watch what they lack. A failure is logged and costs time only: the next call tells them.
    pub async fn announce(&self, store: &Store) {
        if let Some(push) = self.push()
            && let Err(error) = announce::announce(store, push).await
        {
            tracing::warn!(%error, "who watches was not told, the sweep will do it");
        }
    }
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Live")
            .field(&self.push().map(Push::gateway))
            .finish()
    }
}
