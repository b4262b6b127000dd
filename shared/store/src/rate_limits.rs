//! Rate limits: requests counted per bucket in windows of fixed length, the same for all who count. A bucket is a text
//! such as `log-in of ada@example.org`.

use std::time::Duration;

use deadpool_postgres::GenericClient;
use jiff::Timestamp;

use crate::{Error, sql};

/// How often something may happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// What is counted together.
    pub bucket: String,
    /// How many requests one window has room for.
    pub at_most: i32,
    /// How long a window is. They follow each other without gap, from the epoch on.
    pub window: Duration,
}

// In order of their names, so that two requests that count in the same buckets never wait for each other in a circle.
const COUNT: &str = "
    INSERT INTO rate_limits (bucket, window_start, requests)
    SELECT bucket, date_bin(make_interval(secs => window_s), now(), 'epoch'::timestamptz), 1
    FROM unnest($1::text[], $2::double precision[]) AS asked (bucket, window_s) ORDER BY bucket
    ON CONFLICT (bucket, window_start) DO UPDATE SET requests = rate_limits.requests + 1
    RETURNING bucket, requests, window_start, now() AS at";

/// Counts one request in each bucket. None: there was room in all of them; otherwise how long until there is again.
pub async fn count(
    client: &impl GenericClient,
    limits: &[Limit],
) -> Result<Option<Duration>, Error> {
    let buckets: Vec<&str> = limits.iter().map(|it| it.bucket.as_str()).collect();
    let windows: Vec<f64> = limits.iter().map(|it| it.window.as_secs_f64()).collect();
    let mut longest = None;
    for row in sql::rows(client, COUNT, &[&buckets, &windows]).await? {
        let (bucket, requests): (&str, i32) = (row.try_get("bucket")?, row.try_get("requests")?);
        let limit = limits.iter().find(|limit| limit.bucket == bucket);
        if let Some(limit) = limit.filter(|limit| requests > limit.at_most) {
            let (start, at) = (row.try_get("window_start")?, row.try_get("at")?);
            longest = longest.max(Some(left(limit.window, start, at)));
        }
    }
    Ok(longest)
}

fn left(window: Duration, start: Timestamp, at: Timestamp) -> Duration {
    let gone = Duration::try_from(at.duration_since(start)).unwrap_or_default();
    window.saturating_sub(gone)
}

const FORGIVE: &str = "DELETE FROM rate_limits WHERE bucket = $1";

/// Forgets what was counted in this bucket: who it was meant to keep out has shown to be somebody else.
pub async fn forgive(client: &impl GenericClient, bucket: &str) -> Result<(), Error> {
    sql::execute(client, FORGIVE, &[&bucket]).await?;
    Ok(())
}

pub(crate) const STATEMENTS: &[&str] = &[COUNT, FORGIVE];
