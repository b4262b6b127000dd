//! Every minute: jobs that fell between two chairs get a new message, and what is left in the outbox is sent.

use std::time::Duration;

use serde_json::{Value, json};
use worker::Parts;

/// A queued job that heard nothing for so long gets a new message. Long: jobs may wait behind others, and a message
/// too many costs a receive.
const SILENCE: Duration = Duration::from_mins(15);

/// One sweep; the answer is for the log.
pub async fn handle(parts: &Parts) -> Result<Value, worker::Error> {
    let swept = worker::sweep(&parts.store, &parts.queue, SILENCE).await?;
    Ok(json!({
        "sent": swept.relayed.sent,
        "refused": swept.relayed.refused,
        "requeued": swept.stranded.requeued,
        "ended": swept.stranded.ended,
        "woken": swept.stranded.woken,
        "expired_keys": swept.expired_keys,
    }))
}
