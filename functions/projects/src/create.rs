//! `POST /projects`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{Actor, Answer, App, Change, Json, Problem};
use store::audits::{self, NewAudit};
use store::projects::{self, NewProject};

use crate::rules::ProjectFields;
use crate::view::Project;

/// Make a project. Its author owns it.
#[utoipa::path(
    post, path = "/projects", tag = "projects", request_body = ProjectFields,
    responses((status = 201, description = "The project", body = Project)),
)]
pub async fn create_project(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Json(fields): Json<ProjectFields>,
) -> Result<Response, Problem> {
    let (name, description) = fields.checked()?;
    let new = NewProject {
        id: app.ids.next(),
        name,
        description,
        created_by: actor.user_id,
    };
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    let stored = projects::insert(&tx, &new).await?;
    let audit = NewAudit {
        target_id: Some(new.id),
        project_id: Some(new.id),
        ..actor.audit(&app, "project", "created")
    };
    audits::insert(&tx, &audit).await?;
    let (path, version) = (format!("/projects/{}", stored.id), stored.version);
    let answer = Answer::created(&path, &Project::from(stored))?.versioned(version);
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}
