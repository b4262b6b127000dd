//! `PUT /dashboards/{id}`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{Actor, Answer, App, Change, IfMatch, Json, Path, Problem};
use serde_json::json;
use store::access::Role;
use store::audits::{self, NewAudit};
use store::dashboards;
use uuid::Uuid;

use crate::view::{Content, Dashboard};

/// Replace what a dashboard says and shows.
#[utoipa::path(
    put, path = "/dashboards/{id}", tag = "dashboards", params(("id" = Uuid, Path, description = "The dashboard")),
    request_body = Content,
    responses(
        (status = 200, description = "The dashboard as it is now", body = Dashboard),
        (status = 409, description = "The project has another dashboard of this name (`name_taken`)"),
        (status = 412, description = "It has changed since the caller read it (`precondition_failed`)"),
    ),
)]
pub async fn update_dashboard(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Path(id): Path<Uuid>,
    known: IfMatch,
    Json(content): Json<Content>,
) -> Result<Response, Problem> {
    let content = content.checked("")?;
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    let before = dashboards::lock_for(&tx, actor.as_at_least(Role::Editor), id).await?;
    known.check(before.version)?;
    let stored = dashboards::update(&tx, id, &content).await?;
    let audit = NewAudit {
        target_id: Some(id),
        project_id: Some(stored.project_id),
        meta: json!({ "name": content.name, "version": stored.version }),
        ..actor.audit(&app, "dashboard", "updated")
    };
    audits::insert(&tx, &audit).await?;
    let version = stored.version;
    let answer = Answer::ok(&Dashboard::try_from(stored)?)?.versioned(version);
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}
