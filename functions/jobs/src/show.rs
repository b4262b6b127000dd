//! `GET /jobs/{id}`, and `GET /task/{id}` for clients that know it under that name

use axum::extract::State;
use leito_http::{Actor, App, Json, Path, Problem};
use store::access::Role;
use store::jobs;
use uuid::Uuid;

use crate::view::JobStanding;

/// Where a job stands: its state, its place in the queue, its time and its cost so far.
#[utoipa::path(
    get, path = "/jobs/{id}", tag = "jobs", params(("id" = Uuid, Path, description = "The job")),
    responses((status = 200, description = "The job", body = JobStanding)),
)]
pub async fn show_job(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<JobStanding>, Problem> {
    let client = app.store.client().await?;
    let job = jobs::get_for(&client, actor.as_at_least(Role::Viewer), id).await?;
    let standing = jobs::standing(&client, id).await?;
    Ok(Json(JobStanding::new(job, standing, &app.machine)))
}

/// Where a job stands, under the name of older clients.
#[utoipa::path(
    get, path = "/task/{id}", tag = "jobs", params(("id" = Uuid, Path, description = "The job")),
    responses((status = 200, description = "The job", body = JobStanding)),
)]
pub async fn show_task(
    state: State<App>,
    actor: Actor,
    id: Path<Uuid>,
) -> Result<Json<JobStanding>, Problem> {
    show_job(state, actor, id).await
}
