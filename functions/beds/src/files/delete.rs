//! `DELETE /beds/{id}/files/{file_id}`

use axum::extract::State;
use axum::response::Response;
use leito_http::{Actor, App, Change, Gone, Path, Problem};
use serde_json::json;
use store::access::Role;
use store::{bed_files, beds};
use uuid::Uuid;

/// Delete a file.
///
/// Its share links end with it. The content is kept while another bed or a stored stage uses the same one; else the
/// clean-up removes it.
#[utoipa::path(
    delete, path = "/beds/{id}/files/{file_id}", tag = "beds",
    params(("id" = Uuid, Path, description = "The bed"), ("file_id" = Uuid, Path, description = "The file")),
    responses((status = 204, description = "The file is gone")),
)]
pub async fn delete_file(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Path((id, file_id)): Path<(Uuid, Uuid)>,
) -> Result<Response, Problem> {
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    let bed = beds::get_for(&tx, actor.as_at_least(Role::Editor), id).await?;
    let file = bed_files::get(&tx, id, file_id).await?;
    if !bed_files::delete(&tx, id, file_id).await? {
        return Err(Problem::not_found("file", file_id));
    }
    let gone = Gone {
        kind: "file",
        id: file_id,
        project_id: bed.project_id,
        meta: json!({ "bed_id": id, "name": file.name, "kind": file.kind, "sha256": file.sha256 }),
    };
    gone.commit(&app, &actor, &change, tx).await
}
