//! Sending one prepared statement. Statements are prepared once per connection.

use deadpool_postgres::GenericClient;
use jiff::{SignedDuration, Timestamp};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::Error;

pub(crate) type Parameters<'a> = &'a [&'a (dyn ToSql + Sync)];

pub(crate) async fn rows(
    client: &impl GenericClient,
    sql: &str,
    parameters: Parameters<'_>,
) -> Result<Vec<Row>, Error> {
    let statement = client.prepare_cached(sql).await?;
    Ok(client.query(&statement, parameters).await?)
}

pub(crate) async fn row(
    client: &impl GenericClient,
    sql: &str,
    parameters: Parameters<'_>,
) -> Result<Option<Row>, Error> {
    let statement = client.prepare_cached(sql).await?;
    Ok(client.query_opt(&statement, parameters).await?)
}

pub(crate) async fn one(
    client: &impl GenericClient,
    sql: &str,
    parameters: Parameters<'_>,
) -> Result<Row, Error> {
    let statement = client.prepare_cached(sql).await?;
    Ok(client.query_one(&statement, parameters).await?)
}

/// Sends a statement with filters that may be left out. It is planned anew each time: the plan that fits every filter,
/// which a statement that is kept gets sooner or later, uses no index.
pub(crate) async fn search(
    client: &impl GenericClient,
    sql: &str,
    parameters: Parameters<'_>,
) -> Result<Vec<Row>, Error> {
    Ok(client.query(sql, parameters).await?)
}

/// How far the moment in an id may be from the time of its row: their clocks differ, and a transaction takes its time.
const SKEW: SignedDuration = SignedDuration::from_hours(1);

/// Ids begin with the time they were made (`UUIDv7`), so a range of time is a range of the key: from the first id, and
/// below the second or the cursor, whichever is lower.
pub(crate) fn id_range(
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    before: Option<Uuid>,
) -> (Option<Uuid>, Option<Uuid>) {
    let first = from.map(|from| first_id_at(from.checked_sub(SKEW).unwrap_or(Timestamp::MIN)));
    let end = to.map(|to| first_id_at(to.checked_add(SKEW).unwrap_or(Timestamp::MAX)));
    (first, end.into_iter().chain(before).min())
}

fn first_id_at(time: Timestamp) -> Uuid {
    // The year 9999, the last that a timestamp knows, fits into the 48 bits.
    let milliseconds = u128::try_from(time.as_millisecond()).unwrap_or(0);
    Uuid::from_u128(milliseconds << 80)
}

/// Gives the number of affected rows.
pub(crate) async fn execute(
    client: &impl GenericClient,
    sql: &str,
    parameters: Parameters<'_>,
) -> Result<u64, Error> {
    let statement = client.prepare_cached(sql).await?;
    Ok(client.execute(&statement, parameters).await?)
}

/// Reads a column that holds one of our words.
pub(crate) fn word<T>(row: &Row, column: &str) -> Result<T, Error>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    row.try_get::<_, &str>(column)?
        .parse()
        .map_err(|error: T::Err| Error::Unreadable(error.to_string()))
}
