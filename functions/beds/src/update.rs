//! `PUT /beds/{id}`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{Actor, Answer, App, Change, Code, IfMatch, Json, Path, Problem};
use serde::Deserialize;
use store::access::Role;
use store::{Transaction, audits, beds};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{given, view};

/// What a bed is to be; what is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BedUpdate {
    /// Another name, which stands before that of the specification.
    #[schema(example = "demo-2")]
    name: Option<String>,
    /// What it is about.
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// The whole specification as JSON.
    spec: Option<view::Specification>,
    /// The whole specification in the `.bed` language.
    source: Option<String>,
}

impl BedUpdate {
    fn applied_to(&self, stored: &beds::Bed) -> Result<bed::Bed, Problem> {
        let bed = match (&self.spec, &self.source) {
            (None, None) => view::read(stored)?,
            (Some(_), Some(_)) => {
                let detail = "the body has both `spec` and `source`; one of them is enough";
                return Err(Problem::new(Code::InvalidBody, detail));
            }
            (spec, source) => given::bed(spec.as_ref(), source.as_deref())?,
        };
        match &self.name {
            Some(name) => given::renamed(bed, name),
            None => Ok(bed),
        }
    }
}

/// Change a bed.
///
/// `If-Match` says which version the change is based on. Packings and simulations that were made of the bed as it was
/// stay, and are not mistaken for those of the bed as it is: a simulation shows the conditions it was started with.
#[utoipa::path(
    put, path = "/beds/{id}", tag = "beds", params(("id" = Uuid, Path, description = "The bed")),
    request_body = BedUpdate,
    responses(
        (status = 200, description = "The bed as it is now", body = view::Bed),
        (status = 409, description = "The project has another bed of this name (`name_taken`)"),
        (status = 412, description = "The bed was changed in the meantime (`precondition_failed`)"),
        (status = 422, description = "The .bed text has errors (`invalid_source`); no such bed can be (`impossible_bed`)"),
    ),
)]
pub async fn update_bed(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Path(id): Path<Uuid>,
    read: IfMatch,
    Json(update): Json<BedUpdate>,
) -> Result<Response, Problem> {
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    let stored = beds::lock_for(&tx, actor.as_at_least(Role::Editor), id).await?;
    read.check(stored.version)?;
    let bed = update.applied_to(&stored)?;
    let description = update.description.unwrap_or(stored.description.clone());
    given::check_description(&description)?;
    given::check_possible(&bed, &app.machine)?;
    check_name(&tx, &stored, &bed.name).await?;
    let updated = beds::update(&tx, id, &studies::bed_update(&bed, description)).await?;
    audits::insert(&tx, &view::audit(&app, &actor, "updated", &updated)).await?;
    let answer = view::Bed::answer(updated, &app.machine, Answer::ok)?;
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}

async fn check_name(tx: &Transaction<'_>, stored: &beds::Bed, name: &str) -> Result<(), Problem> {
    match beds::find_by_name(tx, stored.project_id, name).await? {
        Some(other) if other.id != stored.id => Err(Problem::name_taken("bed", name)),
        _ => Ok(()),
    }
}
