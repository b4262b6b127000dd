//! Figures about the whole system for whoever watches it: what waits, what was done, since when.

use deadpool_postgres::GenericClient;

use crate::{Error, Transaction, sql};

/// What waits now.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Waiting {
    /// Messages that are due and not sent.
    pub outbox_messages: i64,
    /// How long the longest of these is due.
    pub outbox_age_s: f64,
}

const WAITING: &str = "
    SELECT count(*) AS messages,
        coalesce(greatest(extract(epoch FROM now() - min(send_after)), 0), 0)::double precision AS age_s
    FROM outbox WHERE send_after <= now()";

/// The outbox.
pub async fn waiting(client: &impl GenericClient) -> Result<Waiting, Error> {
    let row = sql::one(client, WAITING, &[]).await?;
    Ok(Waiting {
        outbox_messages: row.try_get("messages")?,
        outbox_age_s: row.try_get("age_s")?,
    })
}

const JOBS: &str = "
    SELECT kind, status, count(*) AS jobs FROM jobs WHERE status = 'queued' GROUP BY kind, status
    UNION ALL
    SELECT kind, status, count(*) AS jobs FROM jobs WHERE status = 'running' GROUP BY kind, status";

/// Jobs that have not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// packing or flow.
    pub kind: String,
    /// queued or running.
    pub status: String,
    /// How many.
    pub jobs: i64,
}

/// Jobs by kind and state, as far as there are any.
pub async fn unfinished(client: &impl GenericClient) -> Result<Vec<Unfinished>, Error> {
    let rows = sql::rows(client, JOBS, &[]).await?;
    rows.iter()
        .map(|row| {
            Ok(Unfinished {
                kind: row.try_get("kind")?,
                status: row.try_get("status")?,
                jobs: row.try_get("jobs")?,
            })
        })
        .collect()
}

/// Upper bounds of the classes of durations, in seconds: from a minute to a day. The database sorts by the same ones.
pub const BOUNDS_S: [f64; 9] = [
    60.0, 180.0, 600.0, 1800.0, 3600.0, 7200.0, 21_600.0, 43_200.0, 86_400.0,
];

/// The simulations of one status.
#[derive(Debug, Clone, PartialEq)]
pub struct Simulations {
    /// pending, running, completed, failed or cancelled.
    pub status: String,
    /// How many there are.
    pub count: i64,
    /// Of those that have ended, how many lasted at most each of [`BOUNDS_S`].
    pub lasted_at_most: Vec<i64>,
    /// How many have ended.
    pub ended: i64,
    /// How long those lasted together.
    pub sum_s: f64,
}

const SIMULATIONS: &str = "
    WITH totals AS (
        SELECT status, class, sum(count) AS count, sum(sum_s) AS sum_s FROM simulation_totals GROUP BY status, class)
    SELECT status, sum(count)::bigint AS count, coalesce(sum(count) FILTER (WHERE class >= 0), 0)::bigint AS ended,
        sum(sum_s) AS sum_s,
        (SELECT array_agg(coalesce((SELECT sum(held.count) FROM totals held
            WHERE held.status = totals.status AND held.class < upper), 0)::bigint ORDER BY upper)
         FROM generate_series(1, $1::integer) upper) AS lasted_at_most
    FROM totals GROUP BY status HAVING sum(count) > 0 ORDER BY status";

/// Simulations by status, and how long those that ended lasted from their first stage on.
pub async fn simulations(client: &impl GenericClient) -> Result<Vec<Simulations>, Error> {
    let bounds = i32::try_from(BOUNDS_S.len()).unwrap_or(i32::MAX);
    let rows = sql::rows(client, SIMULATIONS, &[&bounds]).await?;
    rows.iter()
        .map(|row| {
            Ok(Simulations {
                status: row.try_get("status")?,
                count: row.try_get("count")?,
                lasted_at_most: row.try_get("lasted_at_most")?,
                ended: row.try_get("ended")?,
                sum_s: row.try_get("sum_s")?,
            })
        })
        .collect()
}

const ADD_UP: &str = "
    WITH changes AS (DELETE FROM simulation_totals RETURNING status, class, count, sum_s)
    INSERT INTO simulation_totals (status, class, count, sum_s)
    SELECT status, class, sum(count)::bigint, sum(sum_s) FROM changes GROUP BY status, class HAVING sum(count) <> 0";

/// Makes one row of all that changed in each status and class, so that [`simulations`] reads few.
pub async fn add_up(tx: &Transaction<'_>) -> Result<(), Error> {
    sql::execute(tx, ADD_UP, &[]).await?;
    Ok(())
}

pub(crate) const STATEMENTS: &[&str] = &[WAITING, JOBS, SIMULATIONS, ADD_UP];
