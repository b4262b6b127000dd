//! `GET /beds/{id}/files.zip`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use leito_http::{Actor, App, Path, Problem, archive, download};
use store::access::Role;
use store::bed_files::{self, File, Filter, Page};
use store::{Client, beds};
use uuid::Uuid;

/// All files of a bed in one zip archive.
///
/// Files of a simulation lie in a folder of its id. The archive is written while it is read. The deployed service writes
/// it into the object store first, at most a gigabyte, and redirects there.
#[utoipa::path(
    get, path = "/beds/{id}/files.zip", tag = "beds", params(("id" = Uuid, Path, description = "The bed")),
    responses(
        (status = 200, description = "The archive", content_type = "application/zip", body = Vec<u8>),
        (status = 302, description = "Where the archive is"),
        (status = 304, description = "The caller has it"),
        (status = 422, description = "Too many files, or too large together (`archive_too_large`)"),
    ),
)]
pub async fn zip_bed_files(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<Uuid>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let client = app.store.client().await?;
    let bed = beds::get_for(&client, actor.as_at_least(Role::Viewer), id).await?;
    let files = all(&client, id).await?;
    drop(client);
    let name = format!("{}.zip", bed.name);
    let response = archive::answer(&app, &name, &files, true, &asked).await?;
    let bytes = archive::content_bytes(&files);
    download::count(&app, Some(actor.user_id), bed.project_id, &response, bytes).await;
    Ok(response)
}

/// Every file of the bed, and one more than an archive takes if there are too many.
async fn all(client: &Client, bed_id: Uuid) -> Result<Vec<File>, Problem> {
    let page = Page {
        after: None,
        offset: 0,
        limit: i64::try_from(archive::MOST_FILES + 1).unwrap_or(i64::MAX),
    };
    Ok(bed_files::search(client, bed_id, Filter::default(), page).await?)
}
