//! `POST /metrics`

mod check;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{Actor, Answer, App, Change, Code, FieldError, Json, Problem};
use serde::Serialize;
use serde_json::{Value, json};
use store::audits::{self, NewAudit};
use store::metrics;
use utoipa::ToSchema;
use uuid::Uuid;

pub use check::NewMetric;
use check::{Found, Refused};

/// Metrics of one request.
const MAX_BATCH: usize = 10_000;
/// Refusals that one answer describes.
const MAX_REFUSED: usize = 1000;

/// One metric, or many.
#[derive(Debug, ToSchema)]
#[serde(untagged)]
#[expect(
    dead_code,
    reason = "read by hand, so that one bad metric of many is refused alone: this describes the body"
)]
pub enum Posted {
    /// Up to 10 000.
    Many(Batch),
    /// One.
    One(NewMetric),
}

/// Many metrics.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "as `Posted`")]
pub struct Batch {
    /// Up to 10 000; the whole body may have 4 MiB.
    #[schema(min_items = 1, max_items = 10_000)]
    metrics: Vec<NewMetric>,
}

/// What became of the metrics.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PostedMetrics)]
pub struct Outcome {
    /// Those that are new.
    stored: u64,
    /// Those whose `key` the caller had posted before: nothing was changed.
    repeated: u64,
    /// Those that were refused.
    refused_count: usize,
    /// What was wrong with the first thousand of these.
    refused: Vec<Refused>,
}

/// Post one metric or many.
///
/// Each is judged by itself: the good ones are stored, the others are named by their index and what is wrong. When none is
/// good the answer is 422. A metric with a `key` can be posted again without being stored twice. Posting into a project
/// needs an editor; without one, a metric is seen by its poster and administrators.
#[utoipa::path(
    post, path = "/metrics", tag = "metrics", request_body = Posted,
    responses(
        (status = 200, description = "How many were stored, and what was refused", body = Outcome),
        (status = 422, description = "None of them can be stored, or there are too many (`invalid_body`)"),
    ),
)]
pub async fn post_metrics(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Json(posted): Json<Value>,
) -> Result<Response, Problem> {
    let mut found = Found::read(posted, MAX_BATCH, app.clock.now())?;
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    let may = metrics::writable_projects(&tx, actor.user_id, &found.projects()).await?;
    found.keep_projects(&may);
    if found.good.is_empty() {
        return Err(none_is_good(found.refused));
    }
    let rows: Vec<_> = found
        .good
        .into_iter()
        .map(|(_, metric)| metric.row(&app, actor.user_id))
        .collect();
    let stored = metrics::insert(&tx, &rows).await?;
    let repeated = (rows.len() as u64).saturating_sub(stored);
    if stored > 0 {
        audits::insert(&tx, &audit(&app, &actor, &may, stored)).await?;
    }
    let refused_count = found.refused.len();
    found.refused.truncate(MAX_REFUSED);
    let answer = Answer::ok(&Outcome {
        stored,
        repeated,
        refused_count,
        refused: found.refused,
    })?;
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}

fn none_is_good(refused: Vec<Refused>) -> Problem {
    let errors = refused
        .into_iter()
        .take(MAX_REFUSED)
        .map(|it| FieldError::new(it.pointer, it.message));
    Problem::new(Code::InvalidBody, "no metric of the body can be stored").with_errors(errors)
}

/// One record for a batch: a record each would double what is written.
fn audit(app: &App, actor: &Actor, projects: &[Uuid], stored: u64) -> NewAudit {
    NewAudit {
        project_id: match projects {
            [only] => Some(*only),
            _ => None,
        },
        meta: json!({ "stored": stored, "projects": projects }),
        ..actor.audit(app, "metric", "created")
    }
}
