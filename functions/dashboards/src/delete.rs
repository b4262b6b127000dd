//! `DELETE /dashboards/{id}`

use axum::extract::State;
use axum::response::Response;
use leito_http::{Actor, App, Change, Gone, Path, Problem};
use serde_json::json;
use store::access::Role;
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
    let dashboard = dashboards::lock_for(&tx, actor.as_at_least(Role::Editor), id).await?;
    dashboards::delete(&tx, id).await?;
    let gone = Gone {
        kind: "dashboard",
        id,
        project_id: dashboard.project_id,
        meta: json!({ "name": dashboard.content.name }),
    };
    gone.commit(&app, &actor, &change, tx).await
}
