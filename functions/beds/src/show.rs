//! `GET /beds/{id}`

use axum::extract::State;
use leito_http::{Actor, App, Path, Problem, Versioned};
use store::access::Role;
use store::beds;
use uuid::Uuid;

use crate::view::Bed;

/// A bed and its plan.
#[utoipa::path(
    get, path = "/beds/{id}", tag = "beds", params(("id" = Uuid, Path, description = "The bed")),
    responses((status = 200, description = "The bed and its plan", body = Bed)),
)]
pub async fn show_bed(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Versioned<Bed>, Problem> {
    let client = app.store.client().await?;
    let stored = beds::get_for(&client, actor.as_at_least(Role::Viewer), id).await?;
    Ok(Versioned {
        version: stored.version,
        body: Bed::new(stored, &app.machine)?,
    })
}
