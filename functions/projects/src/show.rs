//! `GET /projects/{id}`

use axum::extract::State;
use leito_http::{Actor, App, Path, Problem, Versioned};
use store::access::Role;
use store::projects;
use uuid::Uuid;

use crate::view::Project;

/// A project, and what the caller may do in it.
#[utoipa::path(
    get, path = "/projects/{id}", tag = "projects", params(("id" = Uuid, Path, description = "The project")),
    responses((status = 200, description = "The project", body = Project)),
)]
pub async fn show_project(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Versioned<Project>, Problem> {
    let client = app.store.client().await?;
    let stored = projects::get(&client, actor.as_at_least(Role::Viewer), id).await?;
    Ok(Versioned {
        version: stored.version,
        body: stored.into(),
    })
}
