//! `GET /beds`

mod document;
mod pairs;
mod parameters;

use axum::extract::State;
use leito_http::{Actor, App, Code, Json, Problem, Query, paging};
use serde::Serialize;
use store::beds::{self, Search, Sort};
use store::list::Page;
use utoipa::ToSchema;
use uuid::Uuid;

use document::Wanted;
use pairs::Pairs;

/// A page of beds.
#[derive(Debug, Serialize, ToSchema)]
pub struct Beds {
    /// In the order asked for.
    pub beds: Vec<FoundBed>,
    /// Ask for the following page with this as `after`; none at the end.
    pub next: Option<String>,
}

/// A bed in a list; the whole of it, with specification and plan, is at `/beds/{id}`.
#[derive(Debug, Serialize, ToSchema)]
pub struct FoundBed {
    /// Its id.
    pub id: Uuid,
    /// The project it belongs to.
    pub project_id: Uuid,
    /// Who made it, while the account exists.
    pub created_by: Option<Uuid>,
    /// Its name.
    #[schema(example = "demo")]
    pub name: String,
    /// What it is about.
    pub description: String,
    /// Inner diameter of the tube.
    pub tube_diameter_m: f64,
    /// Height of the tube.
    pub tube_height_m: f64,
    /// Diameter of a particle.
    pub particle_diameter_m: f64,
    /// Number of particles.
    pub particle_count: i32,
    /// N = D/d.
    pub tube_to_particle_ratio: f64,
    /// Grows with every change.
    pub version: i32,
    /// When it was made.
    pub created_at: jiff::Timestamp,
    /// When it was last changed.
    pub updated_at: jiff::Timestamp,
}

/// Find beds by what they are.
///
/// Every condition that is given has to hold. A range of a parameter is `…_min` and `…_max`, either of them may be left
/// out, and both ends belong to it; of a list of values one within the range is enough.
#[utoipa::path(
    get, path = "/beds", tag = "beds", params(Wanted),
    responses((status = 200, description = "A page of beds", body = Beds)),
)]
pub async fn list_beds(
    State(app): State<App>,
    actor: Actor,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Json<Beds>, Problem> {
    let (wanted, order, page) = read(Pairs::new(pairs)?)?;
    let client = app.store.client().await?;
    let found = beds::search(&client, actor.user_id, wanted, order, &page).await?;
    Ok(Json(Beds {
        beds: found.rows.into_iter().map(FoundBed::from).collect(),
        next: found.next.map(|next| next.to_string()),
    }))
}

fn read(mut pairs: Pairs) -> Result<(Search, (Sort, bool), Page), Problem> {
    let order = order(
        pairs
            .take::<String>("sort")?
            .as_deref()
            .unwrap_or("-created_at"),
    )?;
    let page = paging::page(
        pairs.take("limit")?,
        pairs.take("offset")?,
        pairs.take::<String>("after")?.as_deref(),
        order.0.kind(),
    )?;
    let wanted = Search {
        project_id: pairs.take("project_id")?,
        created_by: pairs.take("created_by")?,
        name: pairs.take("name")?,
        text: pairs.take("text")?,
        created: pairs.times("created")?,
        updated: pairs.times("updated")?,
        state: pairs
            .take::<String>("status")?
            .as_deref()
            .map(parameters::state)
            .transpose()?,
        columns: parameters::columns(&mut pairs)?,
        conditions: parameters::conditions(&mut pairs)?,
    };
    pairs.nothing_left()?;
    Ok((wanted, order, page))
}

/// `-` before the name of the column: greatest first.
fn order(word: &str) -> Result<(Sort, bool), Problem> {
    let (name, descending) = match word.strip_prefix('-') {
        Some(name) => (name, true),
        None => (word, false),
    };
    let found = parameters::SORTS.iter().find(|(known, _)| *known == name);
    found.map(|(_, sort)| (*sort, descending)).ok_or_else(|| {
        let names: Vec<_> = parameters::SORTS.iter().map(|(name, _)| *name).collect();
        let detail = format!(
            "`sort` is one of {}, or one of these after `-`",
            names.join(", ")
        );
        Problem::new(Code::InvalidQuery, detail)
    })
}

impl From<beds::FoundBed> for FoundBed {
    fn from(found: beds::FoundBed) -> Self {
        Self {
            id: found.id,
            project_id: found.project_id,
            created_by: found.created_by,
            name: found.name,
            description: found.description,
            tube_diameter_m: found.tube_diameter_m,
            tube_height_m: found.tube_height_m,
            particle_diameter_m: found.particle_diameter_m,
            particle_count: found.particle_count,
            tube_to_particle_ratio: found.tube_to_particle_ratio,
            version: found.version,
            created_at: found.created_at,
            updated_at: found.updated_at,
        }
    }
}
