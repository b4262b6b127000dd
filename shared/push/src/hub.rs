//! The connections of this process.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{self, Receiver, Sender};
use uuid::Uuid;

use crate::{NotSent, Push};

/// Messages that wait for one connection; a client that reads more slowly is told the rest later.
const WAITING: usize = 64;

type Open = HashMap<String, Sender<String>>;

/// Hands messages to the sockets of this process.
pub struct Hub {
    name: String,
    open: Mutex<Open>,
}

impl Hub {
    /// No connections yet. The id tells this process from others on the same database.
    pub fn new(id: Uuid) -> Self {
        Self {
            name: format!("process {id}"),
            open: Mutex::default(),
        }
    }

    /// What is posted to this connection from now on.
    pub fn open(&self, connection_id: &str) -> Receiver<String> {
        let (sender, receiver) = mpsc::channel(WAITING);
        self.lock().insert(connection_id.to_owned(), sender);
        receiver
    }

    /// Forgets a connection.
    pub fn close(&self, connection_id: &str) {
        self.lock().remove(connection_id);
    }

    /// Whether anybody is there.
    pub fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Push for Hub {
    fn gateway(&self) -> &str {
        &self.name
    }

    async fn post(&self, connection_id: &str, text: String) -> Result<(), NotSent> {
        let open = self.lock();
        let sender = open.get(connection_id).ok_or(NotSent::Gone)?;
        sender.try_send(text).map_err(|error| match error {
            TrySendError::Closed(_) => NotSent::Gone,
            TrySendError::Full(_) => NotSent::Failed("it reads too slowly".to_owned()),
        })
    }
}
