//! `GET /metrics/export.csv` and `GET /metrics/export.pdf`

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use leito_http::{Actor, App, Problem, Query};
use store::metrics::Series;

use super::series::no_data;
use super::wanted::{Span, Wanted};
use crate::number::Metric;
use crate::report::{Chart, Line, Point, Report};

const COLUMNS: [&str; 12] = [
    "metric", "unit", "group", "name", "at", "count", "min", "mean", "max", "p50", "p95", "p99",
];

/// The courses of one number or of all five as a table, one row a point.
#[utoipa::path(
    get, path = "/metrics/export.csv", tag = "metrics", params(Wanted),
    responses(
        (status = 200, description = "The table; its header alone when nothing was measured", content_type = "text/csv", body = String),
        (status = 400, description = "The query is not understood (`invalid_query`)"),
    ),
)]
pub async fn export_metrics_csv(
    State(app): State<App>,
    actor: Actor,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let span = wanted.span(app.clock.now())?;
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(COLUMNS).map_err(Problem::internal)?;
    for (metric, series) in found(&app, &actor, &wanted, span).await? {
        write(&mut table, metric, &series).map_err(Problem::internal)?;
    }
    let table = table
        .into_inner()
        .map_err(|error| Problem::internal(error.into_error()))?;
    Ok(attached(table, "text/csv; charset=utf-8", "metrics.csv"))
}

/// The same as a document with one chart a number: mean, smallest to largest, and the 95th percentile.
#[utoipa::path(
    get, path = "/metrics/export.pdf", tag = "metrics", params(Wanted),
    responses(
        (status = 200, description = "The document; charts without data say so", content_type = "application/pdf", body = Vec<u8>),
        (status = 400, description = "The query is not understood (`invalid_query`)"),
    ),
)]
pub async fn export_metrics_pdf(
    State(app): State<App>,
    actor: Actor,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let now = app.clock.now();
    let span = wanted.span(now)?;
    let found = found(&app, &actor, &wanted, span).await?;
    let charts = found
        .iter()
        .map(|(metric, series)| chart(*metric, series, span));
    let report = Report {
        title: "Leito metrics".to_owned(),
        about: wanted.in_words(),
        made_at: now,
        charts: charts.collect(),
    };
    Ok(attached(report.pdf(), "application/pdf", "metrics.pdf"))
}

async fn found(
    app: &App,
    actor: &Actor,
    wanted: &Wanted,
    span: Span,
) -> Result<Vec<(Metric, Series)>, Problem> {
    let client = app.store.client().await?;
    let metrics = wanted.metric.map_or(Metric::ALL.to_vec(), |one| vec![one]);
    let mut all = Vec::with_capacity(metrics.len());
    for metric in metrics {
        let series = wanted.find(&client, actor.user_id, metric, span).await?;
        all.push((metric, series));
    }
    Ok(all)
}

fn write(table: &mut csv::Writer<Vec<u8>>, metric: Metric, series: &Series) -> csv::Result<()> {
    for group in &series.groups {
        let key = plain(group.key.as_deref());
        let name = plain(group.name.as_deref());
        for bucket in &group.buckets {
            let [p50, p95, p99] = bucket.percentiles;
            table.write_field(metric.as_str())?;
            table.write_field(metric.unit())?;
            table.write_field(&key)?;
            table.write_field(&name)?;
            table.write_field(bucket.at.to_string())?;
            table.write_field(bucket.count.to_string())?;
            for number in [bucket.min, bucket.mean, bucket.max, p50, p95, p99] {
                table.write_field(number.to_string())?;
            }
            table.write_record(None::<&[u8]>)?;
        }
    }
    Ok(())
}

/// A table program would carry out a name that begins like a formula.
fn plain(text: Option<&str>) -> String {
    let text = text.unwrap_or_default();
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn chart(metric: Metric, series: &Series, span: Span) -> Chart {
    let first = || {
        series
            .groups
            .iter()
            .filter_map(|group| group.buckets.first())
    };
    let from = span.from.or_else(|| first().map(|bucket| bucket.at).min());
    let lines = series.groups.iter().map(|group| Line {
        name: group.name.clone().or_else(|| group.key.clone()),
        points: group.buckets.iter().map(point).collect(),
    });
    Chart {
        title: metric.title().to_owned(),
        name: metric.as_str().to_owned(),
        unit: metric.unit().to_owned(),
        from: from.unwrap_or(span.to),
        to: span.to,
        interval_s: series.width_s.unwrap_or_default(),
        lines: lines.collect(),
        left_out: series.left_out,
        message: no_data(metric),
    }
}

fn point(bucket: &store::metrics::Bucket) -> Point {
    Point {
        at: bucket.at,
        count: bucket.count,
        samples: bucket.samples,
        low: bucket.min,
        mean: bucket.mean,
        high: bucket.max,
        p95: bucket.percentiles[1],
    }
}

fn attached(body: Vec<u8>, kind: &'static str, name: &'static str) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
