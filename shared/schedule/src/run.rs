//! Carrying out one schedule's work for one of its times.

use std::time::Duration;

use jiff::Timestamp;
use runtime::Ids;
use serde_json::{Value, json};
use store::Store;
use store::scheduled_runs::{self, Run};
use tokio::time::Instant;

use crate::{Error, Schedule};

/// After a run's budget somebody else waits so much longer before taking it over.
const GRACE: Duration = Duration::from_secs(30);

/// How much time a run has left.
#[derive(Debug, Clone, Copy)]
pub struct Left(Instant);

impl Left {
    /// So much from now on.
    pub fn of(budget: Duration) -> Self {
        Self(Instant::now() + budget)
    }

    /// Whether the run should begin nothing more.
    pub fn is_over(self) -> bool {
        Instant::now() >= self.0
    }
}

/// What came of a run.
#[derive(Debug, Clone, PartialEq)]
pub enum Ended {
    /// It was carried out, and did this.
    Done(Value),
    /// It was carried out before, or somebody is doing so.
    Elsewhere,
}

/// Does the work, unless it was done before for this time or is being done. A failure is recorded and lets the next event
/// for the same time try again; what a crash left unfinished is covered by the next run.
pub async fn run<E>(
    store: &Store,
    ids: &dyn Ids,
    schedule: Schedule,
    scheduled_for: Timestamp,
    work: impl AsyncFnOnce(Left) -> Result<Value, E>,
) -> Result<Ended, Error>
where
    E: std::error::Error + Send + Sync + 'static,
{
    let run = Run {
        name: schedule.name,
        scheduled_for,
        token: ids.next(),
    };
    let begun = scheduled_runs::begin(&store.client().await?, run, schedule.budget + GRACE).await?;
    let Some(attempt) = begun else {
        tracing::debug!(schedule = run.name, %scheduled_for, "is or was done elsewhere");
        return Ok(Ended::Elsewhere);
    };
    // Without a connection in hand: the work may need the only one.
    let outcome = work(Left::of(schedule.budget)).await;
    let client = store.client().await?;
    match outcome {
        Ok(outcome) => {
            if !scheduled_runs::finish(&client, run, &outcome).await? {
                tracing::warn!(schedule = run.name, %scheduled_for, "took so long that it was taken over");
            }
            tracing::info!(schedule = run.name, %scheduled_for, attempt, %outcome, "done");
            Ok(Ended::Done(outcome))
        }
        Err(error) => {
            let why = json!({ "error": chain(&error) });
            scheduled_runs::give_up(&client, run, &why).await?;
            Err(Error::Work {
                name: schedule.name,
                source: Box::new(error),
            })
        }
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
