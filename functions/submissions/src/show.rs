//! `GET /submissions/{id}`

use axum::extract::State;
use leito_http::{Actor, App, Json, Path, Problem};
use store::access::Role;
use uuid::Uuid;

use crate::view::Submission;

/// A submission: what was asked, how far it is, what came of it.
#[utoipa::path(
    get, path = "/submissions/{id}", tag = "submissions", params(("id" = Uuid, Path, description = "The submission")),
    responses((status = 200, description = "All that is known of it so far", body = Submission)),
)]
pub async fn show_submission(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<Submission>, Problem> {
    let client = app.store.client().await?;
    let by = actor.as_at_least(Role::Viewer);
    Ok(Json(Submission::load(&client, by, id).await?))
}
