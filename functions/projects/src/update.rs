//! `PUT /projects/{id}`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{Actor, Answer, App, Change, IfMatch, Json, Path, Problem};
use store::access::Role;
use store::audits::{self, NewAudit};
use store::projects;
use uuid::Uuid;

use crate::rules::ProjectFields;
use crate::view::Project;

/// Change what a project is called and what is said of it.
#[utoipa::path(
    put, path = "/projects/{id}", tag = "projects", params(("id" = Uuid, Path, description = "The project")),
    request_body = ProjectFields,
    responses(
        (status = 200, description = "The project as it is now", body = Project),
        (status = 412, description = "Somebody changed it in the meantime (`precondition_failed`)"),
    ),
)]
pub async fn update_project(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    read: IfMatch,
    Path(id): Path<Uuid>,
    Json(fields): Json<ProjectFields>,
) -> Result<Response, Problem> {
    let (name, description) = fields.checked()?;
    let by = actor.as_at_least(Role::Editor);
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    read.check(projects::lock_for(&tx, by, id).await?.version)?;
    let stored = projects::update(&tx, by, id, (&name, &description)).await?;
    let audit = NewAudit {
        target_id: Some(id),
        project_id: Some(id),
        ..actor.audit(&app, "project", "updated")
    };
    audits::insert(&tx, &audit).await?;
    let version = stored.version;
    let answer = Answer::ok(&Project::from(stored))?.versioned(version);
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}
