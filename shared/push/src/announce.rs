//! From the store to the connections. Announcers may run at the same time: each holds the connections that it tells, and
//! looks again once it has let go of them, because others passed them over meanwhile.

use std::time::Duration;

use futures::future::join_all;
use store::live_watches::Due;
use store::{Store, Transaction, live_connections, live_watches};
use tokio::time::Instant;

use crate::message::{self, Told};
use crate::{NotSent, Push};

/// Connections that are told under one lock.
const CONNECTIONS: i64 = 20;
/// Watches of these that are told at once.
const WATCHES: i64 = 50;
/// No new round after so long: whoever announces has other things to do, and the next one goes on.
const ENOUGH: Duration = Duration::from_secs(10);

/// Tells every connection of this gateway what it lacks, until none lacks anything.
pub async fn announce(store: &Store, push: &dyn Push) -> Result<(), store::Error> {
    let begun = Instant::now();
    while begun.elapsed() < ENOUGH {
        let mut client = store.client().await?;
        let tx = client.transaction().await?;
        let held = live_watches::lock_due(&tx, push.gateway(), CONNECTIONS).await?;
        if held.is_empty() {
            break;
        }
        tell(&tx, push, &held).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// A crash between the sending and the commit tells the same again: events are numbered, so that it shows.
async fn tell(tx: &Transaction<'_>, push: &dyn Push, held: &[String]) -> Result<(), store::Error> {
    let due = live_watches::due(tx, held, WATCHES).await?;
    let mut messages = Vec::with_capacity(due.len());
    for watch in &due {
        messages.push(message::next(tx, watch).await?);
    }
    let posts = due.iter().zip(&messages).map(|(watch, message)| {
        let text = message.text.clone();
        push.post(&watch.connection_id, text)
    });
    let outcomes = join_all(posts).await;
    let (mut reached, mut gone, mut failed) = (Vec::new(), Vec::new(), Vec::new());
    for ((watch, message), outcome) in due.iter().zip(&messages).zip(outcomes) {
        let connection_id = watch.connection_id.as_str();
        match outcome {
            Ok(()) => {
                note(tx, watch, message).await?;
                reached.push(connection_id);
            }
            Err(NotSent::Gone) => gone.push(connection_id),
            Err(NotSent::Failed(why)) => {
                tracing::warn!(connection_id, why, "a connection is told later");
                failed.push(connection_id);
            }
        }
    }
    live_connections::reached(tx, &reached).await?;
    live_connections::postpone(tx, &failed).await?;
    live_connections::remove(tx, push.gateway(), &gone).await
}

async fn note(tx: &Transaction<'_>, watch: &Due, message: &Told) -> Result<(), store::Error> {
    let (connection_id, job_id) = (&watch.connection_id, watch.job_id);
    if message.is_last {
        live_watches::remove(tx, connection_id, job_id).await?;
        return Ok(());
    }
    live_watches::told(tx, connection_id, job_id, message.up_to).await
}
