//! `POST /beds/{id}/duplicate`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{Actor, App, Change, MaybeJson, Path, Problem};
use serde::Deserialize;
use store::access::Role;
use store::{Transaction, beds, projects};
use studies::Home;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{create, given, view};

/// Copies whose names are tried before the caller has to think of one.
const COPIES: u32 = 100;
/// Longest name that is given to a copy; a bed's may be 64 long.
const BASE: usize = 50;

/// The copy.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Duplicate {
    /// Its name; the bed's own with `-copy` when left out.
    #[schema(example = "demo-wide")]
    name: Option<String>,
    /// The project it goes to; that of the bed when left out.
    project_id: Option<Uuid>,
    /// What it is about; as the bed when left out.
    #[schema(max_length = 2000)]
    description: Option<String>,
}

/// Copy a bed, without what was computed of it.
///
/// Packing and flows of a copy are found in the store: the same question is not computed twice.
#[utoipa::path(
    post, path = "/beds/{id}/duplicate", tag = "beds", params(("id" = Uuid, Path, description = "The bed")),
    request_body = Option<Duplicate>,
    responses(
        (status = 201, description = "The copy", body = view::Bed),
        (status = 200, description = "The project had this very bed already", body = view::Bed),
        (status = 409, description = "The project has another bed of this name (`name_taken`)"),
        (status = 422, description = "No bed can have this name"),
    ),
)]
pub async fn duplicate_bed(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Path(id): Path<Uuid>,
    MaybeJson(wanted): MaybeJson<Duplicate>,
) -> Result<Response, Problem> {
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    let original = beds::get_for(&tx, actor.as_at_least(Role::Viewer), id).await?;
    let editor = actor.as_at_least(Role::Editor);
    let project = wanted.project_id.unwrap_or(original.project_id);
    let project = projects::get(&tx, editor, project).await?;
    let bed = view::read(&original)?;
    let name = match wanted.name {
        Some(name) => name,
        None => free_name(&tx, project.id, &bed.name).await?,
    };
    let bed = given::renamed(bed, &name)?;
    let home = Home {
        project_id: project.id,
        created_by: actor.user_id,
        description: wanted.description.unwrap_or(original.description),
    };
    given::check_description(&home.description)?;
    let answer = create::stored(&tx, &app, &actor, home, &bed).await?;
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}

async fn free_name(tx: &Transaction<'_>, project: Uuid, name: &str) -> Result<String, Problem> {
    let base: String = name.chars().take(BASE).collect();
    let numbered = (2..=COPIES).map(|number| format!("{base}-copy-{number}"));
    for candidate in std::iter::once(format!("{base}-copy")).chain(numbered) {
        if beds::find_by_name(tx, project, &candidate).await?.is_none() {
            return Ok(candidate);
        }
    }
    Err(Problem::name_taken("bed", &format!("{base}-copy")))
}
