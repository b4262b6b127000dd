//! `GET /dashboards/{id}`

use axum::extract::State;
use leito_http::{Actor, App, Path, Problem, Versioned};
use store::access::Role;
use store::dashboards;
use uuid::Uuid;

use crate::view::Dashboard;

/// A dashboard.
#[utoipa::path(
    get, path = "/dashboards/{id}", tag = "dashboards", params(("id" = Uuid, Path, description = "The dashboard")),
    responses((status = 200, description = "What it shows", body = Dashboard)),
)]
pub async fn show_dashboard(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Versioned<Dashboard>, Problem> {
    let client = app.store.client().await?;
    let stored = dashboards::get_for(&client, actor.as_at_least(Role::Viewer), id).await?;
    Ok(Versioned {
        version: stored.version,
        body: stored.try_into()?,
    })
}
