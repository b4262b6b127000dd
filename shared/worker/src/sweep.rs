//! The scheduled sweep: what fell between two chairs is picked up. Everything it does, something faster does first.

use std::time::Duration;

use queue::Queue;
use store::jobs::{Stranded, requeue_stranded};
use store::{Store, idempotency_keys};

use crate::{Error, Relayed, relay};

/// Jobs, and as many expired keys, of one sweep; the next sweep takes the rest.
const LIMIT: i64 = 1000;

/// What a sweep found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Jobs nobody would have touched again.
    pub stranded: Stranded,
    /// Messages sent, those of the stranded jobs included.
    pub relayed: Relayed,
    /// Idempotency keys whose time was up.
    pub expired_keys: u64,
}

/// Puts jobs with an expired lease back, gives queued jobs without news for `silence` a new message, relays, and forgets
/// idempotency keys whose time is up.
pub async fn sweep(store: &Store, queue: &Queue, silence: Duration) -> Result<Swept, Error> {
    let stranded = requeue(store, silence).await?;
    let expired_keys = idempotency_keys::expire(&store.client().await?, LIMIT).await?;
    let relayed = relay(store, queue).await?;
    let swept = Swept {
        stranded,
        relayed,
        expired_keys,
    };
    if swept.stranded != Stranded::default() {
        tracing::warn!(?swept, "stranded jobs were found");
    }
    Ok(swept)
}

async fn requeue(store: &Store, silence: Duration) -> Result<Stranded, store::Error> {
    let mut client = store.client().await?;
    let tx = client.transaction().await?;
    let stranded = requeue_stranded(&tx, silence, LIMIT).await?;
    tx.commit().await?;
    Ok(stranded)
}
