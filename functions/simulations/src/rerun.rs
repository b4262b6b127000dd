//! `POST /simulations/{id}/rerun`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use job::{Job, Kind};
use leito_http::{Actor, Answer, App, Change, Code, MaybeJson, Path, Problem};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::access::Role;
use store::audits::{self, NewAudit};
use store::{Transaction, beds, jobs, simulations};
use utoipa::ToSchema;
use uuid::Uuid;

/// Nothing can be said about it: the simulation says it all.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rerun {}

/// The work that was begun again.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rerunning {
    /// Look for results at `/simulations/{id}`.
    pub simulation_id: Uuid,
    /// The bed the fluid flows through.
    pub bed_id: Uuid,
    /// Superficial velocities.
    pub velocities_m_s: Vec<f64>,
    /// The packing job, if one is needed, and the flow job after it. Watch them at `/jobs/{id}`.
    pub jobs: Vec<Job>,
}

/// Compute a simulation again, as a new one.
///
/// It is told exactly what the first was told, also when the bed has been changed since. What is in the store is not
/// computed again.
#[utoipa::path(
    post, path = "/simulations/{id}/rerun", tag = "simulations",
    params(("id" = Uuid, Path, description = "The simulation")),
    request_body = Option<Rerun>,
    responses(
        (status = 202, description = "The new simulation and its jobs", body = Rerunning),
        (status = 409, description = "What the first was told can no longer be computed (`conflict`)"),
    ),
)]
pub async fn rerun_simulation(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Path(id): Path<Uuid>,
    MaybeJson(Rerun {}): MaybeJson<Rerun>,
) -> Result<Response, Problem> {
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    let editor = actor.as_at_least(Role::Editor);
    let first = simulations::get_for(&tx, editor, id).await?;
    let stored = beds::lock_for(&tx, editor, first.bed_id).await?;
    let bed = told(&tx, id).await?;
    bed::plan(&bed, &app.machine).map_err(impossible)?;
    let begun = studies::simulate(&tx, app.ids.as_ref(), &stored, &bed, actor.user_id).await?;
    let audit = NewAudit {
        target_id: Some(begun.simulation.id),
        project_id: Some(stored.project_id),
        meta: json!({ "bed_id": stored.id, "rerun_of": id }),
        ..actor.audit(&app, "simulation", "started")
    };
    audits::insert(&tx, &audit).await?;
    let path = format!("/simulations/{}", begun.simulation.id);
    let answer = Answer::accepted(
        &path,
        &Rerunning {
            simulation_id: begun.simulation.id,
            bed_id: stored.id,
            velocities_m_s: begun.simulation.velocities_m_s,
            jobs: begun.jobs,
        },
    )?;
    change.commit(tx, &answer).await?;
    app.wake_workers(client).await;
    Ok(answer.into_response())
}

/// The specification that the flow job of the simulation was given.
async fn told(tx: &Transaction<'_>, simulation: Uuid) -> Result<bed::Bed, Problem> {
    let jobs = jobs::of_simulation(tx, simulation).await?;
    let flow = jobs.into_iter().find(|job| job.kind == Kind::Flow);
    match flow {
        Some(flow) => bed::from_value(&flow.input).map_err(impossible),
        None => Err(Problem::new(Code::Conflict, "nothing is known of its job")),
    }
}

/// A simulation of before the rules were stricter, or of before the machine was smaller.
fn impossible(problems: Vec<bed::Problem>) -> Problem {
    let why: Vec<_> = problems.into_iter().map(|it| it.message).collect();
    let detail = format!("it can no longer be computed: {}", why.join("; "));
    Problem::new(Code::Conflict, detail)
}
