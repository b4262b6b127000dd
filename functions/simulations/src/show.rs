//! `GET /simulations/{id}`

use axum::extract::State;
use leito_http::{Actor, App, Json, Path, Problem};
use store::access::Role;
use store::{bed_files, jobs, packings, results, simulations};
use uuid::Uuid;

mod body;

use body::Simulation;

/// A simulation: its conditions, the packing, the results at each velocity, comparisons and files.
#[utoipa::path(
    get, path = "/simulations/{id}", tag = "simulations", params(("id" = Uuid, Path, description = "The simulation")),
    responses((status = 200, description = "All that is known of it so far", body = Simulation)),
)]
pub async fn show_simulation(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<Simulation>, Problem> {
    let client = app.store.client().await?;
    let stored = simulations::get_for(&client, actor.as_at_least(Role::Viewer), id).await?;
    let packing = match stored.packing_id {
        Some(packing_id) => packings::find(&client, packing_id).await?,
        None => None,
    };
    let parts = body::Parts {
        packing,
        results: results::list(&client, id).await?,
        files: bed_files::of_simulation(&client, id).await?,
        jobs: jobs::of_simulation(&client, id).await?,
    };
    Ok(Json(Simulation::new(stored, parts)))
}
