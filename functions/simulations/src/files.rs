//! `GET /simulations/{id}/files.zip`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use leito_http::{Actor, App, Path, Problem, archive, download};
use store::access::Role;
use store::{bed_files, beds, simulations};
use uuid::Uuid;

/// All files of a simulation in one zip archive.
///
/// Those of its packing belong to the bed (`GET /beds/{id}/files.zip` has both). The archive is written while it is read.
/// The deployed service writes it into the object store first, at most a gigabyte, and redirects there.
#[utoipa::path(
    get, path = "/simulations/{id}/files.zip", tag = "simulations",
    params(("id" = Uuid, Path, description = "The simulation")),
    responses(
        (status = 200, description = "The archive", content_type = "application/zip", body = Vec<u8>),
        (status = 302, description = "Where the archive is"),
        (status = 304, description = "The caller has it"),
        (status = 422, description = "Too many files, or too large together (`archive_too_large`)"),
    ),
)]
pub async fn zip_simulation_files(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<Uuid>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let client = app.store.client().await?;
    let simulation = simulations::get_for(&client, actor.as_at_least(Role::Viewer), id).await?;
    let bed = beds::get(&client, simulation.bed_id).await?;
    let files = bed_files::of_simulation(&client, id).await?;
    drop(client);
    let name = format!("{} simulation {id}.zip", bed.name);
    let response = archive::answer(&app, &name, &files, false, &asked).await?;
    let bytes = archive::content_bytes(&files);
    download::count(&app, Some(actor.user_id), bed.project_id, &response, bytes).await;
    Ok(response)
}
