//! `GET /simulations` and `GET /beds/{id}/simulations`

use axum::extract::State;
use jiff::Timestamp;
use leito_http::{Actor, App, Code, Json, Path, Problem, Query, paging};
use serde::{Deserialize, Serialize};
use store::access::Role;
use store::list::{Page, Range};
use store::simulations::{self, Search, WantedQuantity};
use store::{beds, results};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which simulations, in which order.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Simulations in the answer; 100 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
    /// Simulations that are passed over.
    #[param(maximum = 10_000)]
    offset: Option<u32>,
    /// The `next` of the answer before.
    after: Option<String>,
    /// What the list is sorted by, the newest or the greatest first after a `-`: `created_at`, or `value` with a
    /// `quantity`. `-created_at`, or `value`, when left out.
    #[param(inline)]
    sort: Option<Sort>,
    /// Simulations of this project.
    project_id: Option<Uuid>,
    /// Simulations of this bed.
    bed_id: Option<Uuid>,
    /// Where they stand.
    #[param(inline)]
    status: Option<Status>,
    /// Made then or later.
    #[param(value_type = Option<String>, format = DateTime)]
    created_from: Option<Timestamp>,
    /// Made then or before.
    #[param(value_type = Option<String>, format = DateTime)]
    created_to: Option<Timestamp>,
    /// With this result, such as `pressure_gradient_pa_m`. Then each velocity is an entry of its own, and the list is sorted
    /// by the value.
    quantity: Option<String>,
    /// Least value of the quantity.
    min: Option<f64>,
    /// Greatest value of the quantity.
    max: Option<f64>,
}

/// What a list of simulations is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
pub enum Sort {
    /// The oldest first.
    #[serde(rename = "created_at")]
    Oldest,
    /// The newest first.
    #[serde(rename = "-created_at")]
    Newest,
    /// The least value first.
    #[serde(rename = "value")]
    Least,
    /// The greatest value first.
    #[serde(rename = "-value")]
    Greatest,
}

/// Where a simulation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SimulationStatus)]
pub enum Status {
    /// Its flow job waits.
    Pending,
    /// Its flow job runs.
    Running,
    /// It has results.
    Completed,
    /// It ended without; its flow job says why.
    Failed,
    /// Somebody stopped it.
    Cancelled,
}

impl Status {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A page of simulations.
#[derive(Debug, Serialize, ToSchema)]
pub struct Simulations {
    /// In the order asked for.
    pub simulations: Vec<FoundSimulation>,
    /// Ask for the following page with this as `after`; none at the end.
    pub next: Option<String>,
}

/// A simulation in a list; the whole of it is at `/simulations/{id}`.
#[derive(Debug, Serialize, ToSchema)]
pub struct FoundSimulation {
    /// Its id.
    pub id: Uuid,
    /// The bed the fluid flows through.
    pub bed_id: Uuid,
    /// That bed's name.
    pub bed_name: String,
    /// The project of the bed.
    pub project_id: Uuid,
    /// pending, running, completed, failed or cancelled.
    pub status: String,
    /// `laminar` or `turbulent_rans`.
    pub regime: String,
    /// Superficial velocities.
    pub velocities_m_s: Vec<f64>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its flow job first ran.
    pub started_at: Option<Timestamp>,
    /// When its flow job ended.
    pub finished_at: Option<Timestamp>,
    /// The quantity that was asked for.
    pub result: Option<FoundResult>,
}

/// One result of a simulation.
#[derive(Debug, Serialize, ToSchema)]
pub struct FoundResult {
    /// Its name.
    pub quantity: String,
    /// At this superficial velocity.
    pub superficial_velocity_m_s: f64,
    /// The number.
    pub value: f64,
    /// Its SI unit; empty for a ratio.
    pub unit: String,
    /// Half the width of the error band in the same unit, where known.
    pub uncertainty: Option<f64>,
}

/// Find simulations, by what they are of or by a number that came of them.
#[utoipa::path(
    get, path = "/simulations", tag = "simulations", params(Wanted),
    responses(
        (status = 200, description = "A page of simulations", body = Simulations),
        (status = 404, description = "There is no such bed, or not for the caller (`not_found`)"),
    ),
)]
pub async fn list_simulations(
    State(app): State<App>,
    actor: Actor,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Simulations>, Problem> {
    let (search, descending, page) = wanted.read()?;
    let client = app.store.client().await?;
    let search = match search.bed_id {
        Some(bed) => of_bed(&client, &actor, bed, search).await?,
        None => search,
    };
    found(&client, &actor, search, descending, &page).await
}

/// The simulations of a bed, those from before it was changed included.
#[utoipa::path(
    get, path = "/beds/{id}/simulations", tag = "simulations",
    params(("id" = Uuid, Path, description = "The bed"), Wanted),
    responses((status = 200, description = "A page of simulations", body = Simulations)),
)]
pub async fn list_simulations_of_bed(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Simulations>, Problem> {
    let (search, descending, page) = wanted.read()?;
    let client = app.store.client().await?;
    let search = of_bed(&client, &actor, id, search).await?;
    found(&client, &actor, search, descending, &page).await
}

/// The same search in one bed, and so in its project.
async fn of_bed(
    client: &store::Client,
    actor: &Actor,
    id: Uuid,
    search: Search,
) -> Result<Search, Problem> {
    let bed = beds::get_for(client, actor.as_at_least(Role::Viewer), id).await?;
    Ok(Search {
        bed_id: Some(id),
        project_id: Some(search.project_id.unwrap_or(bed.project_id)),
        ..search
    })
}

async fn found(
    client: &store::Client,
    actor: &Actor,
    search: Search,
    descending: bool,
    page: &Page,
) -> Result<Json<Simulations>, Problem> {
    let found = simulations::search(client, actor.user_id, search, descending, page).await?;
    Ok(Json(Simulations {
        simulations: found.rows.into_iter().map(FoundSimulation::from).collect(),
        next: found.next.map(|next| next.to_string()),
    }))
}

impl Wanted {
    fn read(self) -> Result<(Search, bool, Page), Problem> {
        let quantity = self.quantity()?;
        let descending = self.descending(quantity.is_some())?;
        let kind = simulations::sort_kind(quantity.is_some());
        let page = paging::page(self.limit, self.offset, self.after.as_deref(), kind)?;
        let search = Search {
            project_id: self.project_id,
            bed_id: self.bed_id,
            status: self.status.map(|status| status.as_str().to_owned()),
            created: Range {
                from: self.created_from.map(paging::storable),
                to: self.created_to.map(paging::storable),
            },
            quantity,
        };
        Ok((search, descending, page))
    }

    fn quantity(&self) -> Result<Option<WantedQuantity>, Problem> {
        let range = Range {
            from: self.min,
            to: self.max,
        };
        let given = [self.min, self.max];
        if given.iter().flatten().any(|end| !end.is_finite()) {
            return Err(refused("`min` and `max` are numbers"));
        }
        match &self.quantity {
            Some(name) => Ok(Some(WantedQuantity {
                name: name.clone(),
                range,
            })),
            None if given == [None, None] => Ok(None),
            None => Err(refused("`min` and `max` need a `quantity`")),
        }
    }

    fn descending(&self, by_value: bool) -> Result<bool, Problem> {
        match (self.sort, by_value) {
            (None, _) => Ok(!by_value),
            (Some(Sort::Oldest), false) | (Some(Sort::Least), true) => Ok(false),
            (Some(Sort::Newest), false) | (Some(Sort::Greatest), true) => Ok(true),
            (Some(_), true) => Err(refused("with a `quantity`, `sort` is `value` or `-value`")),
            (Some(_), false) => Err(refused("to sort by `value`, say of which `quantity`")),
        }
    }
}

fn refused(detail: &str) -> Problem {
    Problem::new(Code::InvalidQuery, detail)
}

impl From<simulations::FoundSimulation> for FoundSimulation {
    fn from(found: simulations::FoundSimulation) -> Self {
        Self {
            id: found.id,
            bed_id: found.bed_id,
            bed_name: found.bed_name,
            project_id: found.project_id,
            status: found.status,
            regime: found.regime,
            velocities_m_s: found.velocities_m_s,
            created_at: found.created_at,
            started_at: found.started_at,
            finished_at: found.finished_at,
            result: found.result.map(FoundResult::from),
        }
    }
}

impl From<results::Quantity> for FoundResult {
    fn from(stored: results::Quantity) -> Self {
        Self {
            quantity: stored.quantity,
            superficial_velocity_m_s: stored.superficial_velocity_m_s,
            value: stored.value,
            unit: stored.unit,
            uncertainty: stored.uncertainty,
        }
    }
}
