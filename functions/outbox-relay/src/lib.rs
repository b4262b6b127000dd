//! Every minute: jobs that fell between two chairs get a new message, what is left in the outbox is sent, and who watches
//! a job is told what they have not been told yet.

mod figures;

pub use figures::{figures, line};

use std::time::Duration;

use jiff::Timestamp;
use schedule::{Ended, OUTBOX_RELAY};
use serde_json::{Value, json};
use worker::Parts;

/// A queued job that heard nothing for so long gets a new message. Long: jobs may wait behind others, and a message
/// too many costs a receive.
const SILENCE: Duration = Duration::from_mins(15);

/// The sweep for one of its times; the answer is for the log.
pub async fn handle(parts: &Parts, due: Timestamp) -> Result<Value, schedule::Error> {
    let (store, ids) = (&parts.store, parts.ids.as_ref());
    let ended = schedule::run(store, ids, OUTBOX_RELAY, due, async |_| sweep(parts).await);
    match Box::pin(ended).await? {
        Ended::Done(outcome) => Ok(outcome),
        Ended::Elsewhere => Ok(json!({ "done": "elsewhere" })),
    }
}

async fn sweep(parts: &Parts) -> Result<Value, worker::Error> {
    let swept = worker::sweep(&parts.store, &parts.queue, SILENCE).await?;
    parts.live.announce(&parts.store).await;
    Ok(json!({
        "sent": swept.relayed.sent,
        "refused": swept.relayed.refused,
        "requeued": swept.stranded.requeued,
        "ended": swept.stranded.ended,
        "woken": swept.stranded.woken,
        "expired_keys": swept.expired_keys,
    }))
}
