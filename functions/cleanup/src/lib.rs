//! Every hour: rows whose time is over, uploads that nobody will finish, and objects that nothing refers to any more. Each
//! step works in batches and leaves the rest to the next run when the time is over; a crash leaves nothing half done that
//! the next run does not finish. docs/operations.md has the rules.

mod error;
mod objects;
mod preview;
mod rows;

pub use error::Error;
pub use preview::{Preview, preview};

use jiff::Timestamp;
use schedule::{CLEANUP, Ended, Left};
use serde::Serialize;
use serde_json::{Value, json};
use worker::Parts;

/// Rows, keys or uploads that one statement or one call takes.
const BATCH: i64 = 500;

/// What a clean-up removed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Removed {
    /// Rows, by table.
    pub rows: rows::ByTable,
    /// Uploads that were given up.
    pub uploads: u64,
    /// Stored outputs of stages that no bed shows any more.
    pub stage_outputs: u64,
    /// Objects.
    pub objects: u64,
    /// Whether the time was over before everything was done; the next run goes on.
    pub more: bool,
}

/// The clean-up for one of its times; the answer is for the log.
pub async fn handle(parts: &Parts, due: Timestamp) -> Result<Value, schedule::Error> {
    let ended = schedule::run(
        &parts.store,
        parts.ids.as_ref(),
        CLEANUP,
        due,
        async |left| {
            let removed = remove(parts, left).await?;
            Ok::<_, Error>(json!(removed))
        },
    );
    match Box::pin(ended).await? {
        Ended::Done(outcome) => Ok(outcome),
        Ended::Elsewhere => Ok(json!({ "done": "elsewhere" })),
    }
}

/// Removes what may go, until the time is over.
pub async fn remove(parts: &Parts, left: Left) -> Result<Removed, Error> {
    let mut removed = Removed::default();
    rows::remove(parts, left, &mut removed).await?;
    // Boxed: the calls of the AWS SDK are tens of kilobytes of state.
    Box::pin(objects::give_up_uploads(parts, left, &mut removed)).await?;
    objects::expire_stages(parts, left, &mut removed).await?;
    Box::pin(objects::delete(parts, left, &mut removed)).await?;
    removed.more = left.is_over();
    Ok(removed)
}
