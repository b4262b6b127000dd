//! `GET /jobs/{id}`

use axum::Json;
use axum::extract::State;
use job::Job;
use leito_http::{Actor, App, Path, Problem};
use store::access::Role;
use store::jobs;
use uuid::Uuid;

/// Where a job stands.
#[utoipa::path(
    get, path = "/jobs/{id}", tag = "jobs", params(("id" = Uuid, Path, description = "The job")),
    responses((status = 200, description = "The job", body = Job)),
)]
pub async fn show_job(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<Job>, Problem> {
    let client = app.store.client().await?;
    Ok(Json(
        jobs::get_for(&client, actor.as_at_least(Role::Viewer), id).await?,
    ))
}
