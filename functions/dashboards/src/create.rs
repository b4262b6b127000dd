//! `POST /dashboards`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{Actor, Answer, App, Change, Code, FieldError, Json, Problem};
use serde::Deserialize;
use serde_json::json;
use store::access::Role;
use store::audits::{self, NewAudit};
use store::{Transaction, dashboards, projects};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::view::{Content, Dashboard};

/// A dashboard to be stored, and where it belongs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDashboard {
    /// The project; may be left out by somebody who can change only one.
    project_id: Option<Uuid>,
    /// What is said of it.
    dashboard: Content,
}

/// Store a dashboard.
#[utoipa::path(
    post, path = "/dashboards", tag = "dashboards", request_body = NewDashboard,
    responses(
        (status = 201, description = "The dashboard", body = Dashboard),
        (status = 404, description = "There is no such project"),
        (status = 409, description = "The project has another dashboard of this name (`name_taken`)"),
    ),
)]
pub async fn create_dashboard(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Json(new): Json<NewDashboard>,
) -> Result<Response, Problem> {
    let content = new.dashboard.checked("/dashboard")?;
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    let project_id = project(&tx, &actor, new.project_id).await?;
    let id = app.ids.next();
    let stored = dashboards::insert(&tx, id, project_id, actor.user_id, &content).await?;
    let audit = NewAudit {
        target_id: Some(id),
        project_id: Some(project_id),
        meta: json!({ "name": content.name }),
        ..actor.audit(&app, "dashboard", "created")
    };
    audits::insert(&tx, &audit).await?;
    let version = stored.version;
    let answer = Answer::created(&format!("/dashboards/{id}"), &Dashboard::try_from(stored)?)?;
    let answer = answer.versioned(version);
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}

/// Where it goes, if the caller may put it there.
async fn project(
    tx: &Transaction<'_>,
    actor: &Actor,
    named: Option<Uuid>,
) -> Result<Uuid, Problem> {
    let named = match named {
        Some(id) => Some(id),
        None => projects::only_writable(tx, actor.user_id).await?,
    };
    let id = named.ok_or_else(|| {
        let message = "say which project; you may change none or several";
        Problem::new(Code::InvalidBody, message)
            .with_errors([FieldError::new("/project_id", message)])
    })?;
    let project = projects::get(tx, actor.as_at_least(Role::Editor), id).await?;
    Ok(project.id)
}
