//! The course of one number over time, in one statement: what the caller may see, cut into as many buckets as a chart can
//! show.

use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{Error, GenericClient, sql};

/// Which course.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted<'a> {
    /// Name of the number, such as `processing_time_ms`.
    pub metric: &'a str,
    /// Of this project alone.
    pub project_id: Option<Uuid>,
    /// Of this kind alone.
    pub kind: Option<&'a str>,
    /// Posted by this account alone.
    pub user_id: Option<Uuid>,
    /// From here on; none: from the first that there is.
    pub from: Option<Timestamp>,
    /// Up to this.
    pub to: Timestamp,
    /// One course each: `project`, `kind` or `user`.
    pub group_by: Option<&'a str>,
    /// Buckets of a course at most, from 2.
    pub points: i32,
    /// Courses at most: those with the most metrics.
    pub groups: i64,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Series {
    /// One, or as many as were asked for; none without data.
    pub groups: Vec<Group>,
    /// Groups that were left out.
    pub left_out: i64,
    /// Width of a bucket.
    pub width_s: Option<f64>,
}

/// One course.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The project's or account's id, or the kind; none when nothing was grouped, or for what has none.
    pub key: Option<String>,
    /// What people call it.
    pub name: Option<String>,
    /// In the order of time; a bucket without a metric is left out.
    pub buckets: Vec<Bucket>,
}

/// The metrics of one stretch of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bucket {
    /// Where it begins.
    pub at: Timestamp,
    /// Metrics in it.
    pub count: i64,
    /// Those of them that are samples.
    pub samples: i64,
    /// Smallest.
    pub min: f64,
    /// Arithmetic mean.
    pub mean: f64,
    /// Largest.
    pub max: f64,
    /// 50th, 95th and 99th percentile, interpolated.
    pub percentiles: [f64; 3],
}

// Each project that the caller may see is one walk along its index: LATERAL with OFFSET keeps it so. Buckets begin at whole
// multiples of their width, so that the next poll gives the same ones; the width is the first round one that fits.
pub(super) const SERIES: &str = r#"
    WITH asker AS (
        SELECT EXISTS (SELECT FROM users WHERE id = $1 AND role = 'admin') AS is_admin
    ), scope AS (
        SELECT project_id FROM project_members
        WHERE user_id = $1 AND ($2::uuid IS NULL OR project_id = $2) AND NOT (SELECT is_admin FROM asker)
        UNION ALL SELECT id FROM projects WHERE ($2 IS NULL OR id = $2) AND (SELECT is_admin FROM asker)
    ), seen AS (
        SELECT of_project.* FROM scope CROSS JOIN LATERAL (
            SELECT m.* FROM metrics m WHERE m.project_id = scope.project_id
                AND m."timestamp" >= coalesce($3, '-infinity'::timestamptz) AND m."timestamp" <= $4 OFFSET 0) of_project
        UNION ALL SELECT m.* FROM metrics m
        WHERE m.project_id IS NULL AND m.user_id = $1 AND $2 IS NULL AND NOT (SELECT is_admin FROM asker)
            AND m."timestamp" >= coalesce($3, '-infinity'::timestamptz) AND m."timestamp" <= $4
        UNION ALL SELECT m.* FROM metrics m
        WHERE m.project_id IS NULL AND $2 IS NULL AND (SELECT is_admin FROM asker)
            AND m."timestamp" >= coalesce($3, '-infinity'::timestamptz) AND m."timestamp" <= $4
    ), valued AS (
        SELECT "timestamp" AS at, is_sample,
            CASE $5::text WHEN 'ia_efficiency' THEN ia_efficiency WHEN 'model_accuracy' THEN model_accuracy
                WHEN 'processing_time_ms' THEN processing_time_ms WHEN 'memory_usage_mb' THEN memory_usage_mb
                WHEN 'error_rate' THEN error_rate END AS value,
            coalesce(CASE $6::text WHEN 'project' THEN project_id::text WHEN 'kind' THEN kind
                WHEN 'user' THEN user_id::text END, '') AS key
        FROM seen WHERE ($7::text IS NULL OR kind = $7) AND ($8::uuid IS NULL OR user_id = $8)
    ), kept AS MATERIALIZED (
        SELECT at, is_sample, value, key FROM valued WHERE value IS NOT NULL
    ), ranked AS (
        SELECT key, row_number() OVER (ORDER BY count(*) DESC, key) AS rank, count(*) OVER () AS groups
        FROM kept GROUP BY key
    ), named AS (
        SELECT key, rank, groups, CASE $6 WHEN 'project' THEN (SELECT name FROM projects WHERE id = nullif(key, '')::uuid)
            WHEN 'user' THEN (SELECT name FROM users WHERE id = nullif(key, '')::uuid) ELSE nullif(key, '') END AS name
        FROM ranked WHERE rank <= $10
    ), span AS MATERIALIZED (
        SELECT greatest(extract(epoch FROM CASE WHEN $3 IS NULL THEN max(at) - min(at) ELSE $4 - $3 END), 1)::float8
            AS seconds FROM kept
    ), step AS MATERIALIZED (
        SELECT coalesce(
            (SELECT min(width) FROM UNNEST(
                ARRAY[1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 14400, 28800, 43200, 86400]::float8[]) AS round (width)
             WHERE width * ($9::int - 1) >= seconds),
            ceil(seconds / ($9::int - 1) / 86400) * 86400) AS width_s FROM span
    )
    SELECT nullif(key, '') AS key, name, groups, width_s,
        date_bin(make_interval(secs => width_s), at, '2000-01-01 00:00:00+00'::timestamptz) AS bucket,
        count(*) AS metrics, count(*) FILTER (WHERE is_sample) AS samples, min(value) AS low, avg(value) AS mean,
        max(value) AS high, percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY value) AS percentiles
    FROM kept JOIN named USING (key) CROSS JOIN step
    GROUP BY key, name, groups, rank, width_s, bucket ORDER BY rank, bucket"#;

/// What this account sees of that.
pub async fn series(
    client: &impl GenericClient,
    user_id: Uuid,
    wanted: &Wanted<'_>,
) -> Result<Series, Error> {
    let parameters: sql::Parameters<'_> = &[
        &user_id,
        &wanted.project_id,
        &wanted.from,
        &wanted.to,
        &wanted.metric,
        &wanted.group_by,
        &wanted.kind,
        &wanted.user_id,
        &wanted.points.max(2),
        &wanted.groups,
    ];
    let rows = sql::rows(client, SERIES, parameters).await?;
    let mut found = Series::default();
    for row in &rows {
        found.add(row)?;
    }
    Ok(found)
}

impl Series {
    /// Rows come group by group.
    fn add(&mut self, row: &Row) -> Result<(), Error> {
        let key: Option<String> = row.try_get("key")?;
        if self.groups.last().is_none_or(|last| last.key != key) {
            let name = row.try_get("name")?;
            let buckets = Vec::new();
            self.groups.push(Group { key, name, buckets });
            let shown = i64::try_from(self.groups.len()).unwrap_or(i64::MAX);
            self.left_out = row.try_get::<_, i64>("groups")? - shown;
            self.width_s = row.try_get("width_s")?;
        }
        let bucket = bucket(row)?;
        if let Some(group) = self.groups.last_mut() {
            group.buckets.push(bucket);
        }
        Ok(())
    }
}

fn bucket(row: &Row) -> Result<Bucket, Error> {
    let percentiles: Vec<f64> = row.try_get("percentiles")?;
    let percentiles = percentiles
        .try_into()
        .map_err(|_| Error::Unreadable("a bucket has not three percentiles".to_owned()))?;
    Ok(Bucket {
        at: row.try_get("bucket")?,
        count: row.try_get("metrics")?,
        samples: row.try_get("samples")?,
        min: row.try_get("low")?,
        mean: row.try_get("mean")?,
        max: row.try_get("high")?,
        percentiles,
    })
}
