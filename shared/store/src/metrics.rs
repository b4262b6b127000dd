//! Metrics: five numbers that finished jobs leave and other systems post, and their course over time.

mod of_job;
mod series;

use jiff::Timestamp;
use uuid::Uuid;

use crate::{Error, GenericClient, Transaction, sql};

pub(crate) use of_job::of_job;
pub use series::{Bucket, Group, Series, Wanted, series};

/// The numbers of one metric, at least one of them.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Values {
    /// Time in the engines over wall time, 0 to 1.
    pub ia_efficiency: Option<f64>,
    /// Agreement with what was to be expected, 0 to 1.
    pub model_accuracy: Option<f64>,
    /// Wall time.
    pub processing_time_ms: Option<f64>,
    /// Largest memory.
    pub memory_usage_mb: Option<f64>,
    /// Failed attempts over attempts, 0 to 1.
    pub error_rate: Option<f64>,
}

/// A metric to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewMetric {
    /// Made by the caller, `UUIDv7`.
    pub id: Uuid,
    /// The poster's own name for it: the same one again is the same metric.
    pub key: Option<String>,
    /// The project it belongs to; none: seen by its poster and administrators.
    pub project_id: Option<Uuid>,
    /// Who posts it.
    pub user_id: Option<Uuid>,
    /// What it is of, such as `packing`.
    pub kind: String,
    /// When it was measured.
    pub timestamp: Timestamp,
    /// What time it covers: instant, job, minute, hour or day.
    pub period: String,
    /// Its numbers.
    pub values: Values,
    /// Made up, to show what a chart looks like.
    pub is_sample: bool,
}

const INSERT: &str = r#"
    INSERT INTO metrics (id, key, project_id, user_id, kind, "timestamp", period, ia_efficiency, model_accuracy,
        processing_time_ms, memory_usage_mb, error_rate, is_sample)
    SELECT * FROM UNNEST($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[], $7::text[],
        $8::float8[], $9::float8[], $10::float8[], $11::float8[], $12::float8[], $13::boolean[])
    ON CONFLICT DO NOTHING"#;

/// Stores metrics in one statement and gives the number of those that were not there already.
pub async fn insert(tx: &Transaction<'_>, new: &[NewMetric]) -> Result<u64, Error> {
    let ids: Vec<Uuid> = of(new, |it| it.id);
    let keys: Vec<Option<&str>> = new.iter().map(|it| it.key.as_deref()).collect();
    let projects: Vec<Option<Uuid>> = of(new, |it| it.project_id);
    let users: Vec<Option<Uuid>> = of(new, |it| it.user_id);
    let kinds: Vec<&str> = new.iter().map(|it| it.kind.as_str()).collect();
    let times: Vec<Timestamp> = of(new, |it| it.timestamp);
    let periods: Vec<&str> = new.iter().map(|it| it.period.as_str()).collect();
    let efficiency: Vec<Option<f64>> = of(new, |it| it.values.ia_efficiency);
    let accuracy: Vec<Option<f64>> = of(new, |it| it.values.model_accuracy);
    let time_ms: Vec<Option<f64>> = of(new, |it| it.values.processing_time_ms);
    let memory_mb: Vec<Option<f64>> = of(new, |it| it.values.memory_usage_mb);
    let errors: Vec<Option<f64>> = of(new, |it| it.values.error_rate);
    let samples: Vec<bool> = of(new, |it| it.is_sample);
    let parameters: sql::Parameters<'_> = &[
        &ids,
        &keys,
        &projects,
        &users,
        &kinds,
        &times,
        &periods,
        &efficiency,
        &accuracy,
        &time_ms,
        &memory_mb,
        &errors,
        &samples,
    ];
    sql::execute(tx, INSERT, parameters).await
}

fn of<T>(new: &[NewMetric], field: impl Fn(&NewMetric) -> T) -> Vec<T> {
    new.iter().map(field).collect()
}

const WRITABLE: &str = "
    SELECT named.id FROM UNNEST($2::uuid[]) AS named (id)
    WHERE project_role($1, named.id) IN ('editor', 'owner') AND EXISTS (SELECT FROM projects p WHERE p.id = named.id)";

/// Those of the named projects into which somebody may post.
pub async fn writable_projects(
    client: &impl GenericClient,
    user_id: Uuid,
    named: &[Uuid],
) -> Result<Vec<Uuid>, Error> {
    let rows = sql::rows(client, WRITABLE, &[&user_id, &named]).await?;
    rows.iter().map(|row| Ok(row.try_get("id")?)).collect()
}

pub(crate) const STATEMENTS: &[&str] = &[INSERT, WRITABLE, of_job::OF_JOB, series::SERIES];
