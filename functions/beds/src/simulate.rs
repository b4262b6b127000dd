//! `POST /beds/{id}/simulate`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use job::Job;
use leito_http::{Actor, Answer, App, Change, Code, FieldError, MaybeJson, Path, Problem};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::access::Role;
use store::audits::{self, NewAudit};
use store::{beds, simulations};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::view;

/// What to compute.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Simulate {
    /// Superficial velocities instead of those of the bed's specification.
    #[schema(example = json!([0.05, 0.1]))]
    velocities_m_s: Option<Vec<f64>>,
}

/// The work that was begun.
#[derive(Debug, Serialize, ToSchema)]
pub struct Begun {
    /// Look for results at `/simulations/{id}`.
    pub simulation: BegunSimulation,
    /// The packing job, if one is needed, and the flow job after it. Watch them at `/jobs/{id}`.
    pub jobs: Vec<Job>,
}

/// A simulation that has no results yet.
#[derive(Debug, Serialize, ToSchema)]
pub struct BegunSimulation {
    /// Its id.
    pub id: Uuid,
    /// The bed the fluid flows through.
    pub bed_id: Uuid,
    /// `pending`.
    pub status: String,
    /// Superficial velocities.
    pub velocities_m_s: Vec<f64>,
}

/// Compute the flow through the bed.
///
/// A bed that has not been packed is packed first, by a job of its own.
#[utoipa::path(
    post, path = "/beds/{id}/simulate", tag = "beds", params(("id" = Uuid, Path, description = "The bed")),
    request_body = Option<Simulate>,
    responses(
        (status = 202, description = "The simulation and its jobs", body = Begun),
        (status = 422, description = "These velocities cannot be computed (`impossible_bed`)"),
    ),
)]
pub async fn simulate_flow(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Path(id): Path<Uuid>,
    MaybeJson(wanted): MaybeJson<Simulate>,
) -> Result<Response, Problem> {
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    let stored = beds::lock_for(&tx, actor.as_at_least(Role::Editor), id).await?;
    let bed = wanted.applied_to(view::read(&stored)?, &app.machine)?;
    let studies::Begun { simulation, jobs } =
        studies::simulate(&tx, app.ids.as_ref(), &stored, &bed, actor.user_id).await?;
    let audit = NewAudit {
        target_id: Some(simulation.id),
        project_id: Some(stored.project_id),
        meta: json!({ "bed_id": id, "velocities_m_s": simulation.velocities_m_s }),
        ..actor.audit(&app, "simulation", "started")
    };
    audits::insert(&tx, &audit).await?;
    let path = format!("/simulations/{}", simulation.id);
    let answer = Answer::accepted(
        &path,
        &Begun {
            simulation: simulation.into(),
            jobs,
        },
    )?;
    change.commit(tx, &answer).await?;
    app.wake_workers(client).await;
    Ok(answer.into_response())
}

impl Simulate {
    /// The bed with the velocities wanted, if that can be computed.
    fn applied_to(self, mut bed: bed::Bed, machine: &bed::Machine) -> Result<bed::Bed, Problem> {
        let own = self.velocities_m_s.is_none();
        bed.flow.velocities_m_s = self.velocities_m_s.unwrap_or(bed.flow.velocities_m_s);
        match bed::plan(&bed, machine) {
            Ok(_) => Ok(bed),
            Err(problems) => Err(refused(problems, own)),
        }
    }
}

/// The caller sent velocities alone: what is wrong with them points there, anything else to the bed as a whole.
fn refused(problems: Vec<bed::Problem>, own: bool) -> Problem {
    let detail = if own {
        "this bed cannot be computed"
    } else {
        "these velocities cannot be computed"
    };
    let errors = problems
        .into_iter()
        .map(|it| match it.pointer.strip_prefix("/flow") {
            Some(inside) if inside.starts_with("/velocities_m_s") => {
                FieldError::new(inside, it.message)
            }
            _ => FieldError::new("", it.message),
        });
    Problem::new(Code::ImpossibleBed, detail).with_errors(errors)
}

impl From<simulations::Simulation> for BegunSimulation {
    fn from(stored: simulations::Simulation) -> Self {
        Self {
            id: stored.id,
            bed_id: stored.bed_id,
            status: stored.status,
            velocities_m_s: stored.velocities_m_s,
        }
    }
}
