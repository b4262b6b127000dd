//! `DELETE /simulations/{id}`

use axum::extract::State;
use axum::response::Response;
use leito_http::{Actor, App, Change, Code, Gone, Path, Problem};
use serde_json::json;
use store::access::Role;
use store::{jobs, object_tombstones, simulations};
use uuid::Uuid;

/// Delete a simulation with its results and files; the packing stays with the bed.
///
/// While its job waits or runs nothing is deleted: cancel it first, and wait until it has stopped.
#[utoipa::path(
    delete, path = "/simulations/{id}", tag = "simulations",
    params(("id" = Uuid, Path, description = "The simulation")),
    responses(
        (status = 204, description = "The simulation is gone"),
        (status = 409, description = "Its job waits or runs (`conflict`)"),
    ),
)]
pub async fn delete_simulation(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    let stored = simulations::lock_to_delete(&tx, actor.as_at_least(Role::Editor), id).await?;
    let jobs = jobs::of_simulation(&tx, id).await?;
    if let Some(job) = jobs.iter().find(|job| !job.status.is_final()) {
        let detail = format!(
            "its {} job {} is {}; cancel it first",
            job.kind, job.id, job.status
        );
        return Err(Problem::new(Code::Conflict, detail));
    }
    object_tombstones::bury_files_of_simulation(&tx, id).await?;
    simulations::delete(&tx, id).await?;
    let gone = Gone {
        kind: "simulation",
        id,
        project_id: stored.project_id,
        meta: json!({ "bed_id": stored.bed_id, "velocities_m_s": stored.velocities_m_s }),
    };
    gone.commit(&app, &actor, &change, tx).await
}
