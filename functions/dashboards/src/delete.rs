//! `DELETE /dashboards/{id}`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{Actor, Answer, App, Change, Path, Problem};
use serde_json::json;
use store::access::Role;
use store::audits::{self, NewAudit};
use store::dashboards;
use uuid::Uuid;

/// Delete a dashboard; the metrics it shows stay.
#[utoipa::path(
    delete, path = "/dashboards/{id}", tag = "dashboards", params(("id" = Uuid, Path, description = "The dashboard")),
    responses((status = 204, description = "It is gone")),
)]
pub async fn delete_dashboard(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    let gone = dashboards::lock_for(&tx, actor.as_at_least(Role::Editor), id).await?;
    dashboards::delete(&tx, id).await?;
    let audit = NewAudit {
        target_id: Some(id),
        project_id: Some(gone.project_id),
        meta: json!({ "name": gone.content.name }),
        ..actor.audit(&app, "dashboard", "deleted")
    };
    audits::insert(&tx, &audit).await?;
    let answer = Answer::no_content();
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}
