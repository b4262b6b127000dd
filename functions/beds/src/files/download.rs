//! `GET /beds/{id}/files/{file_id}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use leito_http::download::{self, Stored};
use leito_http::{Actor, App, Path, Problem};
use store::access::Role;
use store::{bed_files, beds};
use uuid::Uuid;

/// A file's content.
///
/// Ranges are served, so that an interrupted download can go on. The deployed service redirects to an address of the
/// object store that lives for minutes.
#[utoipa::path(
    get, path = "/beds/{id}/files/{file_id}", tag = "beds",
    params(
        ("id" = Uuid, Path, description = "The bed"),
        ("file_id" = Uuid, Path, description = "The file"),
        ("Range" = Option<String>, Header, description = "One range of bytes"),
    ),
    responses(
        (status = 200, description = "The whole file", content_type = "*/*", body = Vec<u8>),
        (status = 206, description = "The range", content_type = "*/*", body = Vec<u8>),
        (status = 302, description = "Where the file is"),
        (status = 304, description = "The caller has it"),
        (status = 416, description = "The file has no such bytes (`range_not_satisfiable`)"),
    ),
)]
pub async fn download_file(
    State(app): State<App>,
    actor: Actor,
    Path((id, file_id)): Path<(Uuid, Uuid)>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let client = app.store.client().await?;
    let bed = beds::get_for(&client, actor.as_at_least(Role::Viewer), id).await?;
    let file = bed_files::get(&client, id, file_id).await?;
    drop(client);
    let stored = Stored {
        key: &file.object_key,
        name: &file.name,
        bytes: u64::try_from(file.bytes).unwrap_or_default(),
        sha256: &file.sha256,
    };
    let response = download::answer(&app, stored, &asked).await?;
    let by = Some(actor.user_id);
    download::count(&app, by, bed.project_id, &response, file.bytes).await;
    Ok(response)
}
