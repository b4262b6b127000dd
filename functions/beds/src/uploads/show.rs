//! `GET /beds/{id}/uploads/{upload_id}`

use axum::extract::State;
use leito_http::{Actor, App, Code, Json, Path, Problem, Query};
use serde::Deserialize;
use store::access::Role;
use store::uploads;
use utoipa::IntoParams;
use uuid::Uuid;

use super::Upload;

/// Which addresses.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Which {
    /// Addresses of missing parts from this number on; the first ones when left out.
    #[param(minimum = 1)]
    from: Option<u32>,
}

/// What of an upload has arrived, and fresh addresses for the rest.
///
/// An upload is seen by whoever began it alone.
#[utoipa::path(
    get, path = "/beds/{id}/uploads/{upload_id}", tag = "beds",
    params(("id" = Uuid, Path, description = "The bed"), ("upload_id" = Uuid, Path, description = "The upload"), Which),
    responses(
        (status = 200, description = "The upload", body = Upload),
        (status = 400, description = "`from` is no part's number (`invalid_query`)"),
    ),
)]
pub async fn show_upload(
    State(app): State<App>,
    actor: Actor,
    Path((id, upload_id)): Path<(Uuid, Uuid)>,
    Query(which): Query<Which>,
) -> Result<Json<Upload>, Problem> {
    let from = which.from.unwrap_or(1);
    if from == 0 {
        return Err(Problem::new(Code::InvalidQuery, "parts are counted from 1"));
    }
    let client = app.store.client().await?;
    let may_write = actor.as_at_least(Role::Editor);
    let stored = uploads::get_for(&client, may_write, id, upload_id).await?;
    drop(client);
    let received = app
        .objects
        .list_parts(&stored.object_key, &stored.multipart_id)
        .await?
        // joined already: a completion that did not come to its end goes on from there
        .unwrap_or_default();
    Ok(Json(Upload::of(&app, &stored, &received, from).await?))
}
