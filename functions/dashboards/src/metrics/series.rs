//! `GET /metrics/series`

use axum::extract::State;
use jiff::Timestamp;
use leito_http::{Actor, App, Code, Json, Problem, Query};
use serde::Serialize;
use store::metrics::{self, Bucket};
use utoipa::ToSchema;

use super::wanted::Wanted;
use crate::number::{GroupBy, Metric};

/// The course of a number over time.
#[derive(Debug, Serialize, ToSchema)]
pub struct MetricSeries {
    /// The number.
    metric: Metric,
    /// Its unit; `1` for a ratio.
    #[schema(value_type = String)]
    unit: &'static str,
    /// Where the time begins; null: at the first metric.
    from: Option<Timestamp>,
    /// Where it ends.
    to: Timestamp,
    /// The time that one point stands for; null without data.
    interval_s: Option<f64>,
    /// What has a course each.
    group_by: Option<GroupBy>,
    /// The courses, those with the most metrics first.
    groups: Vec<Course>,
    /// Courses that there was no room for.
    groups_left_out: i64,
    /// Metrics among these that are samples, made up to show what a chart looks like.
    samples: i64,
    /// Course by course, in the order of time. Where nothing was measured there is no point.
    points: Vec<Point>,
    /// Says so when there is nothing.
    message: Option<String>,
}

/// One course.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MetricGroup)]
pub struct Course {
    /// The id of the project or account, or the kind; null for all metrics, or for those that have none.
    group: Option<String>,
    /// What people call it.
    name: Option<String>,
    /// Metrics in it.
    count: i64,
}

/// The metrics of one stretch of time.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MetricPoint)]
pub struct Point {
    /// The course it belongs to.
    group: Option<String>,
    /// Where it begins.
    at: Timestamp,
    /// Metrics in it.
    count: i64,
    /// Smallest.
    min: f64,
    /// Arithmetic mean.
    mean: f64,
    /// Largest.
    max: f64,
    /// Median.
    p50: f64,
    /// 95th percentile.
    p95: f64,
    /// 99th percentile.
    p99: f64,
}

/// The course of a number over time, in as many points as a chart can show.
///
/// Of what the caller may see: metrics of their projects, and their own that belong to none.
#[utoipa::path(
    get, path = "/metrics/series", tag = "metrics", params(Wanted),
    responses(
        (status = 200, description = "The points; none, and a message, when nothing was measured", body = MetricSeries),
        (status = 400, description = "The query is not understood (`invalid_query`)"),
    ),
)]
pub async fn show_metric_series(
    State(app): State<App>,
    actor: Actor,
    Query(wanted): Query<Wanted>,
) -> Result<Json<MetricSeries>, Problem> {
    let metric = wanted.metric.ok_or_else(|| {
        let names = Metric::ALL.map(Metric::as_str).join(", ");
        Problem::new(Code::InvalidQuery, format!("say which `metric`: {names}"))
    })?;
    let span = wanted.span(app.clock.now())?;
    let client = app.store.client().await?;
    let found = wanted.find(&client, actor.user_id, metric, span).await?;
    let is_empty = found.groups.is_empty();
    Ok(Json(MetricSeries {
        metric,
        unit: metric.unit(),
        from: span.from,
        to: span.to,
        interval_s: found.width_s,
        group_by: wanted.group_by,
        groups: found.groups.iter().map(course).collect(),
        groups_left_out: found.left_out,
        samples: buckets(&found).map(|bucket| bucket.samples).sum(),
        points: points(&found),
        message: is_empty.then(|| no_data(metric)),
    }))
}

/// What is said where there is nothing to show.
pub fn no_data(metric: Metric) -> String {
    format!(
        "no data: nothing was measured of {} in this time",
        metric.as_str()
    )
}

fn buckets(found: &metrics::Series) -> impl Iterator<Item = &Bucket> {
    found.groups.iter().flat_map(|group| &group.buckets)
}

fn course(found: &metrics::Group) -> Course {
    Course {
        group: found.key.clone(),
        name: found.name.clone(),
        count: found.buckets.iter().map(|bucket| bucket.count).sum(),
    }
}

fn points(found: &metrics::Series) -> Vec<Point> {
    let of_group = |group: &metrics::Group| {
        let key = group.key.clone();
        group
            .buckets
            .iter()
            .map(move |bucket| {
                let [p50, p95, p99] = bucket.percentiles;
                Point {
                    group: key.clone(),
                    at: bucket.at,
                    count: bucket.count,
                    min: bucket.min,
                    mean: bucket.mean,
                    max: bucket.max,
                    p50,
                    p95,
                    p99,
                }
            })
            .collect::<Vec<_>>()
    };
    found.groups.iter().flat_map(of_group).collect()
}
