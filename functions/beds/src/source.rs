//! `GET /beds/{id}/source`

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use leito_http::{Actor, App, Path, Problem};
use store::access::Role;
use store::beds;
use uuid::Uuid;

use crate::view;

/// A bed in its language: a file to keep, to change and to run.
///
/// What differs from the defaults is written, each value in its shortest unit. Reading it back gives the same bed.
#[utoipa::path(
    get, path = "/beds/{id}/source", tag = "beds", params(("id" = Uuid, Path, description = "The bed")),
    responses((status = 200, description = "The .bed text", content_type = "text/plain", body = String)),
)]
pub async fn export_bed(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let client = app.store.client().await?;
    let stored = beds::get_for(&client, actor.as_at_least(Role::Viewer), id).await?;
    let bed = view::read(&stored)?;
    // The name of a bed is letters, digits, `_` and `-`.
    let disposition = format!("attachment; filename=\"{}.bed\"", bed.name);
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, bed::format(&bed)).into_response())
}
