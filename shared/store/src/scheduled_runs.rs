//! Scheduled runs: who carries out a schedule's work for one of its times, and how it ended.

use std::time::Duration;

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use crate::{Error, sql};

/// The right to do the work of one schedule for one of its times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run<'a> {
    /// The schedule.
    pub name: &'a str,
    /// The time it was due.
    pub scheduled_for: Timestamp,
    /// Made by the caller; whoever takes the run over has another.
    pub token: Uuid,
}

/// Unfinished earlier runs whose deadline is past are closed: the work of this one covers what they left.
const BEGIN: &str = "
    WITH closed AS (
        UPDATE scheduled_runs SET finished_at = now(), succeeded = false,
            outcome = coalesce(outcome, '{}') || jsonb_build_object('continued_by', $2::timestamptz)
        WHERE name = $1 AND scheduled_for < $2 AND finished_at IS NULL AND deadline < now())
    INSERT INTO scheduled_runs AS run (name, scheduled_for, run_token, deadline)
    VALUES ($1, $2, $3, now() + make_interval(secs => $4))
    ON CONFLICT (name, scheduled_for) DO UPDATE SET run_token = excluded.run_token, deadline = excluded.deadline,
        attempt = run.attempt + 1, started_at = now()
    WHERE run.finished_at IS NULL AND run.deadline < now()
    RETURNING attempt";

/// Takes the run when nobody has, or when whoever had it is past its deadline; gives which attempt this is.
/// Nothing when it was done before or is being done.
pub async fn begin(
    client: &impl GenericClient,
    run: Run<'_>,
    lasts: Duration,
) -> Result<Option<i32>, Error> {
    let lasts = lasts.as_secs_f64();
    let parameters: sql::Parameters<'_> = &[&run.name, &run.scheduled_for, &run.token, &lasts];
    let row = sql::row(client, BEGIN, parameters).await?;
    Ok(row.map(|row| row.try_get("attempt")).transpose()?)
}

const FINISH: &str = "
    UPDATE scheduled_runs SET finished_at = now(), succeeded = true, outcome = $4
    WHERE name = $1 AND scheduled_for = $2 AND run_token = $3 AND finished_at IS NULL";

/// Records what the run did, an object. False when somebody took it over.
pub async fn finish(
    client: &impl GenericClient,
    run: Run<'_>,
    outcome: &Value,
) -> Result<bool, Error> {
    let parameters: sql::Parameters<'_> = &[&run.name, &run.scheduled_for, &run.token, &outcome];
    Ok(sql::execute(client, FINISH, parameters).await? == 1)
}

const GIVE_UP: &str = "
    UPDATE scheduled_runs SET deadline = now(), outcome = $4
    WHERE name = $1 AND scheduled_for = $2 AND run_token = $3 AND finished_at IS NULL";

/// Records why the run failed, an object, and lets the next event for the same time try again at once.
pub async fn give_up(
    client: &impl GenericClient,
    run: Run<'_>,
    outcome: &Value,
) -> Result<(), Error> {
    let parameters: sql::Parameters<'_> = &[&run.name, &run.scheduled_for, &run.token, &outcome];
    sql::execute(client, GIVE_UP, parameters).await?;
    Ok(())
}

/// A run that went well.
#[derive(Debug, Clone, PartialEq)]
pub struct Success {
    /// The schedule.
    pub name: String,
    /// The time it was due.
    pub scheduled_for: Timestamp,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Timestamp,
    /// What it did.
    pub outcome: Value,
}

const LAST: &str = "
    SELECT run.name, run.scheduled_for, run.started_at, run.finished_at, run.outcome
    FROM UNNEST($1::text[]) AS wanted (name)
    CROSS JOIN LATERAL (
        SELECT name, scheduled_for, started_at, finished_at, outcome FROM scheduled_runs
        WHERE scheduled_runs.name = wanted.name AND succeeded ORDER BY scheduled_for DESC LIMIT 1) run";

/// The last run of each of these schedules that went well; a schedule without one is left out.
pub async fn last_successes(
    client: &impl GenericClient,
    names: &[&str],
) -> Result<Vec<Success>, Error> {
    let rows = sql::rows(client, LAST, &[&names]).await?;
    rows.iter()
        .map(|row| {
            Ok(Success {
                name: row.try_get("name")?,
                scheduled_for: row.try_get("scheduled_for")?,
                started_at: row.try_get("started_at")?,
                finished_at: row.try_get("finished_at")?,
                outcome: row.try_get("outcome")?,
            })
        })
        .collect()
}

pub(crate) const STATEMENTS: &[&str] = &[BEGIN, FINISH, GIVE_UP, LAST];
