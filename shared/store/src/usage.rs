//! Usage: the events of `usage_events` summed up by hour and by day (UTC). A roll-up computes whole hours anew, so that
//! it may be repeated at will and takes in rows that came late.

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use uuid::Uuid;

use crate::{Error, Transaction, sql};

/// Any number will do, as long as every program uses the same.
const LOCK_KEY: i64 = 7_235_419_867;
const LOCK: &str = "SELECT pg_advisory_xact_lock($1)";

const HOURS: &str = "
    WITH touched AS (SELECT DISTINCT date_trunc('hour', at, 'UTC') AS hour FROM usage_events WHERE recorded_at >= $1)
    INSERT INTO usage_hourly AS old (hour, kind, user_id, project_id, events, amount)
    SELECT touched.hour, kind, user_id, project_id, count(*), sum(amount)::bigint
    FROM touched JOIN usage_events ON at >= touched.hour AND at < touched.hour + interval '1 hour'
    GROUP BY touched.hour, kind, user_id, project_id
    ON CONFLICT ON CONSTRAINT usage_hourly_once DO UPDATE SET events = excluded.events, amount = excluded.amount
    WHERE (old.events, old.amount) IS DISTINCT FROM (excluded.events, excluded.amount)";

const DAYS: &str = "
    WITH touched AS (SELECT DISTINCT date_trunc('day', at, 'UTC') AS day FROM usage_events WHERE recorded_at >= $1)
    INSERT INTO usage_daily AS old (day, kind, user_id, project_id, events, amount)
    SELECT touched.day, kind, user_id, project_id, sum(events)::bigint, sum(amount)::bigint
    FROM touched JOIN usage_hourly ON hour >= touched.day AND hour < touched.day + interval '1 day'
    GROUP BY touched.day, kind, user_id, project_id
    ON CONFLICT ON CONSTRAINT usage_daily_once DO UPDATE SET events = excluded.events, amount = excluded.amount
    WHERE (old.events, old.amount) IS DISTINCT FROM (excluded.events, excluded.amount)";

/// How many sums a roll-up changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RolledUp {
    /// Of hours.
    pub hours: u64,
    /// Of days.
    pub days: u64,
}

/// Computes anew every hour, and its day, of which an event was recorded at `since` or later. Roll-ups wait for each
/// other: one that began earlier must not overwrite the sums of one that saw more.
pub async fn roll_up(tx: &Transaction<'_>, since: Timestamp) -> Result<RolledUp, Error> {
    sql::one(tx, LOCK, &[&LOCK_KEY]).await?;
    Ok(RolledUp {
        hours: sql::execute(tx, HOURS, &[&since]).await?,
        days: sql::execute(tx, DAYS, &[&since]).await?,
    })
}

/// The length of the intervals that are summed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Hours.
    Hour,
    /// Days, UTC.
    Day,
}

/// Whose usage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's, with what belongs to nobody.
    Everybody,
    /// One person's, in one project or in all.
    Person(Uuid, Option<Uuid>),
    /// One project's.
    Project(Uuid),
}

/// A sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    /// Where the hour or day begins.
    pub start: Timestamp,
    /// What was used.
    pub kind: String,
    /// How many times.
    pub events: i64,
    /// How much, in the kind's unit.
    pub amount: i64,
}

/// $1 and $2 bound the interval, $3 is whose and $4 narrows it down.
macro_rules! sums {
    ($table:literal, $start:literal, $whose:literal) => {
        concat!(
            "SELECT ",
            $start,
            " AS start, kind, sum(events)::bigint AS events, sum(amount)::bigint AS amount
             FROM ",
            $table,
            " WHERE ",
            $start,
            " >= $1 AND ",
            $start,
            " < $2 AND ",
            $whose,
            "
             GROUP BY ",
            $start,
            ", kind ORDER BY ",
            $start,
            ", kind"
        )
    };
}

const HOURS_OF_ALL: &str = sums!(
    "usage_hourly",
    "hour",
    "$3::uuid IS NULL AND $4::uuid IS NULL"
);
const DAYS_OF_ALL: &str = sums!(
    "usage_daily",
    "day",
    "$3::uuid IS NULL AND $4::uuid IS NULL"
);
const HOURS_OF_USER: &str = sums!(
    "usage_hourly",
    "hour",
    "user_id = $3 AND ($4::uuid IS NULL OR project_id = $4)"
);
const DAYS_OF_USER: &str = sums!(
    "usage_daily",
    "day",
    "user_id = $3 AND ($4::uuid IS NULL OR project_id = $4)"
);
const HOURS_OF_PROJECT: &str = sums!(
    "usage_hourly",
    "hour",
    "project_id = $3 AND $4::uuid IS NULL"
);
const DAYS_OF_PROJECT: &str = sums!("usage_daily", "day", "project_id = $3 AND $4::uuid IS NULL");

/// The sums of the hours or days that begin in `from..to`, the earliest first.
pub async fn sums(
    client: &impl GenericClient,
    whose: Whose,
    by: By,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Sum>, Error> {
    let (statement, id, within) = match (whose, by) {
        (Whose::Everybody, By::Hour) => (HOURS_OF_ALL, None, None),
        (Whose::Everybody, By::Day) => (DAYS_OF_ALL, None, None),
        (Whose::Person(user, project), By::Hour) => (HOURS_OF_USER, Some(user), project),
        (Whose::Person(user, project), By::Day) => (DAYS_OF_USER, Some(user), project),
        (Whose::Project(project), By::Hour) => (HOURS_OF_PROJECT, Some(project), None),
        (Whose::Project(project), By::Day) => (DAYS_OF_PROJECT, Some(project), None),
    };
    let rows = sql::rows(client, statement, &[&from, &to, &id, &within]).await?;
    rows.iter()
        .map(|row| {
            Ok(Sum {
                start: row.try_get("start")?,
                kind: row.try_get("kind")?,
                events: row.try_get("events")?,
                amount: row.try_get("amount")?,
            })
        })
        .collect()
}

pub(crate) const STATEMENTS: &[&str] = &[
    LOCK,
    HOURS,
    DAYS,
    HOURS_OF_ALL,
    DAYS_OF_ALL,
    HOURS_OF_USER,
    DAYS_OF_USER,
    HOURS_OF_PROJECT,
    DAYS_OF_PROJECT,
];
