//! `GET /submissions/{id}/report`

use automation::report::{Head, Report};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use leito_http::{Actor, App, Code, Json, Path, Problem, Query};
use serde::Deserialize;
use store::access::Role;
use store::submissions::{self, Submission};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// In which form.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Form {
    /// `json` when left out.
    #[serde(default)]
    #[param(inline)]
    format: Format,
}

/// The forms there are.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Format {
    #[default]
    Json,
    Markdown,
    Csv,
}

/// The numbers of a submission, for people and for spreadsheets.
///
/// Made from what is stored; there is one as soon as all of the work has ended.
#[utoipa::path(
    get, path = "/submissions/{id}/report", tag = "submissions",
    params(("id" = Uuid, Path, description = "The submission"), Form),
    responses(
        (status = 200, description = "The report", content(
            (Report = "application/json"), (String = "text/markdown"), (String = "text/csv"))),
        (status = 400, description = "There is no such form (`invalid_query`)"),
        (status = 409, description = "The work has not ended (`conflict`)"),
    ),
)]
pub async fn show_report(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Query(form): Query<Form>,
) -> Result<Response, Problem> {
    let client = app.store.client().await?;
    let stored = submissions::get_for(&client, actor.as_at_least(Role::Viewer), id).await?;
    let report = report(stored)?;
    Ok(match form.format {
        Format::Json => Json(report).into_response(),
        Format::Markdown => text("text/markdown; charset=utf-8", report.markdown()),
        Format::Csv => text("text/csv; charset=utf-8", report.csv()),
    })
}

fn report(stored: Submission) -> Result<Report, Problem> {
    let Some(result) = stored.result else {
        let detail = format!(
            "the submission is {}; its report comes at the end",
            stored.status
        );
        return Err(Problem::new(Code::Conflict, detail));
    };
    let head = Head {
        submission_id: stored.id,
        kind: stored.kind,
        version: stored.version,
        status: stored.status,
        finished_at: stored.finished_at,
    };
    Ok(Report::new(head, &result)?)
}

fn text(media_type: &'static str, body: String) -> Response {
    ([(header::CONTENT_TYPE, media_type)], body).into_response()
}
