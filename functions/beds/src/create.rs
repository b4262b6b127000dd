//! `POST /beds`

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use leito_http::{Actor, Answer, App, BASE_PATH, Change, Code, FieldError, Json, Problem};
use serde::Deserialize;
use store::access::Role;
use store::{Transaction, audits, beds, projects};
use studies::{Home, Stored, store_bed};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{given, view};

/// A bed to be stored: its specification in one of two forms, and where it belongs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBed {
    /// The project; may be left out by somebody who can change only one.
    project_id: Option<Uuid>,
    /// What it is about.
    #[serde(default)]
    #[schema(max_length = 2000)]
    description: String,
    /// The specification as JSON.
    spec: Option<view::Specification>,
    /// The specification in the `.bed` language.
    #[schema(example = "bed demo { geometry { diameter = 0.05 m; height = 0.1 m; } }")]
    source: Option<String>,
}

/// Store a bed that can be computed.
///
/// The answer holds the plan: the height to expect, porosity, cells, memory, minutes, cost. A bed that cannot be is
/// refused with the numbers and with what would work. A bed that the project has already, name and all, is that bed.
#[utoipa::path(
    post, path = "/beds", tag = "beds", request_body = NewBed,
    responses(
        (status = 201, description = "The bed and its plan", body = view::Bed),
        (status = 200, description = "The project had this very bed already", body = view::Bed),
        (status = 409, description = "The project has another bed of this name, see `Location` (`name_taken`)"),
        (status = 422, description = "The .bed text has errors (`invalid_source`); no such bed can be (`impossible_bed`)"),
    ),
)]
pub async fn create_bed(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Json(new): Json<NewBed>,
) -> Result<Response, Problem> {
    given::check_description(&new.description)?;
    let bed = given::bed(new.spec.as_ref(), new.source.as_deref())?;
    given::check_possible(&bed, &app.machine)?;
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    let home = Home {
        project_id: project(&tx, &actor, new.project_id).await?,
        created_by: actor.user_id,
        description: new.description,
    };
    let answer = stored(&tx, &app, &actor, home, &bed).await?;
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}

/// Stores the bed and gives the answer to whoever asked for it.
pub async fn stored(
    tx: &Transaction<'_>,
    app: &App,
    actor: &Actor,
    home: Home,
    bed: &bed::Bed,
) -> Result<Answer, Problem> {
    let project_id = home.project_id;
    match store_bed(tx, app.ids.as_ref(), home, bed).await? {
        Stored::Same(same) => view::Bed::answer(same, &app.machine, Answer::ok),
        Stored::NameTaken => Err(taken(tx, project_id, &bed.name).await?),
        Stored::New(stored) => {
            audits::insert(tx, &view::audit(app, actor, "created", &stored)).await?;
            let path = format!("/beds/{}", stored.id);
            view::Bed::answer(stored, &app.machine, |body| Answer::created(&path, body))
        }
    }
}

/// The refusal says where the bed of this name is, so that a program can change that one.
async fn taken(tx: &Transaction<'_>, project_id: Uuid, name: &str) -> Result<Problem, Problem> {
    let problem = Problem::name_taken("bed", name);
    let other = beds::find_by_name(tx, project_id, name).await?;
    let place = other.and_then(|bed| format!("{BASE_PATH}/beds/{}", bed.id).try_into().ok());
    Ok(match place {
        Some(place) => problem.with_header(header::LOCATION, place),
        None => problem,
    })
}

/// Where a bed goes, if the caller may put it there.
async fn project(
    tx: &Transaction<'_>,
    actor: &Actor,
    named: Option<Uuid>,
) -> Result<Uuid, Problem> {
    let named = match named {
        Some(id) => Some(id),
        None => projects::only_writable(tx, actor.user_id).await?,
    };
    let id = named.ok_or_else(|| {
        let message = "say which project; you may change none or several";
        Problem::new(Code::InvalidBody, message)
            .with_errors([FieldError::new("/project_id", message)])
    })?;
    let project = projects::get(tx, actor.as_at_least(Role::Editor), id).await?;
    Ok(project.id)
}
