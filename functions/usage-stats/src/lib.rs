//! Every hour: what was used is summed up by hour and by day. The sums are a function of the rows in `usage_events`, so a
//! run may be repeated at will. Computed anew are the hours, and their days, of which an event was recorded since a
//! quarter of an hour before the last run began that went well: rows that come late, or were committed late, are in the
//! next run.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use schedule::{Ended, USAGE_STATS};
use serde_json::{Value, json};
use store::{Store, figures, scheduled_runs, usage};
use worker::Parts;

/// Longer than any transaction that records usage: its rows bear the time of its beginning.
pub const LOOK_BACK: Duration = Duration::from_mins(15);

/// The roll-up for one of its times; the answer is for the log.
pub async fn handle(parts: &Parts, due: Timestamp) -> Result<Value, schedule::Error> {
    let ended = schedule::run(
        &parts.store,
        parts.ids.as_ref(),
        USAGE_STATS,
        due,
        async |_| {
            let since = since(&parts.store).await?;
            roll_up(&parts.store, since).await
        },
    );
    match ended.await? {
        Ended::Done(outcome) => Ok(outcome),
        Ended::Elsewhere => Ok(json!({ "done": "elsewhere" })),
    }
}

/// From when on recorded events are new to the sums.
pub async fn since(store: &Store) -> Result<Timestamp, store::Error> {
    let last = scheduled_runs::last_successes(&store.client().await?, &[USAGE_STATS.name]).await?;
    let look_back = SignedDuration::try_from(LOOK_BACK).unwrap_or(SignedDuration::MAX);
    Ok(last.first().map_or(Timestamp::UNIX_EPOCH, |last| {
        last.started_at
            .saturating_sub(look_back)
            .unwrap_or(Timestamp::UNIX_EPOCH)
    }))
}

/// Sums up the hours and days of which an event was recorded at `since` or later.
pub async fn roll_up(store: &Store, since: Timestamp) -> Result<Value, store::Error> {
    let mut client = store.client().await?;
    let tx = client.transaction().await?;
    let rolled_up = usage::roll_up(&tx, since).await?;
    figures::add_up(&tx).await?;
    tx.commit().await?;
    Ok(json!({ "hours": rolled_up.hours, "days": rolled_up.days, "since": since }))
}
