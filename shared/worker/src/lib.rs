//! The one way from a message to a result, for every worker: claim, heartbeat, run, finish in one transaction, relay,
//! delete the message. Knows nothing of beds or engines; what a job does is its [`Handler`]'s business.

mod attempt;
mod batch;
mod conclude;
mod deleter;
mod error;
mod failures;
mod folder;
mod handler;
mod parts;
mod patience;
mod pulse;
mod relay;
mod run;
mod settings;
mod stop;
mod sweep;
mod work;

pub use error::Error;
pub use failures::database_failure;
pub use folder::clear_work_dir;
pub use handler::Handler;
pub use parts::Parts;
pub use push::Live;
pub use relay::{Relayed, relay};
pub use settings::Settings;
pub use sweep::{Swept, sweep};
pub use work::{Stage, StoredFile, Work};

use std::sync::Arc;

use push::Announcer;
use relay::Relayer;

/// Runs jobs of one kind. Cheap to clone.
pub struct Worker<H> {
    parts: Parts,
    handler: Arc<H>,
    settings: Arc<Settings>,
    relayer: Relayer,
    announcer: Announcer,
}

impl<H: Handler> Worker<H> {
    /// A worker that takes its jobs from the queue of the handler's kind.
    pub fn new(parts: Parts, handler: H, settings: Settings) -> Self {
        let relayer = Relayer::new(parts.store.clone(), parts.queue.clone());
        let announcer = Announcer::new(parts.store.clone(), parts.live.clone());
        Self {
            parts,
            handler: Arc::new(handler),
            settings: Arc::new(settings),
            relayer,
            announcer,
        }
    }
}

impl<H> Clone for Worker<H> {
    fn clone(&self) -> Self {
        Self {
            parts: self.parts.clone(),
            handler: Arc::clone(&self.handler),
            settings: Arc::clone(&self.settings),
            relayer: self.relayer.clone(),
            announcer: self.announcer.clone(),
        }
    }
}
