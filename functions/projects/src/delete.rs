//! `DELETE /projects/{id}`

use axum::extract::State;
use axum::response::Response;
use leito_http::{Actor, App, Change, Gone, Path, Problem};
use serde_json::json;
use store::access::Role;
use store::projects;
use uuid::Uuid;

/// Delete a project with everything in it.
///
/// Beds, simulations, results and files go with it; jobs that run notice within seconds and stop. The files' objects are
/// removed by the clean-up once nothing else refers to them.
#[utoipa::path(
    delete, path = "/projects/{id}", tag = "projects", params(("id" = Uuid, Path, description = "The project")),
    responses((status = 204, description = "The project is gone")),
)]
pub async fn delete_project(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    let project = projects::lock_for(&tx, actor.as_at_least(Role::Owner), id).await?;
    projects::delete(&tx, id).await?;
    let gone = Gone {
        kind: "project",
        id,
        project_id: id,
        meta: json!({ "name": project.name }),
    };
    gone.commit(&app, &actor, &change, tx).await
}
