//! `POST /beds`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{Actor, Answer, App, Change, Code, FieldError, Json, Problem};
use serde::Deserialize;
use store::access::Role;
use store::{Transaction, projects};
use studies::{Home, Stored, store_bed};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::view;

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

impl NewBed {
    /// The bed, or everything that is wrong with its description.
    fn bed(&self) -> Result<bed::Bed, Problem> {
        match (&self.spec, &self.source) {
            (Some(spec), None) => bed::from_value(&spec.0)
                .map_err(|problems| refused(Code::InvalidBody, "the specification", problems)),
            (None, Some(text)) => bed::parse(text, "source").map_err(|found| unreadable(&found)),
            _ => Err(Problem::new(
                Code::InvalidBody,
                "the body needs either `spec` (JSON) or `source` (.bed text)",
            )),
        }
    }

    /// Where the bed goes, if the caller may put it there.
    async fn project(&self, tx: &Transaction<'_>, actor: &Actor) -> Result<Uuid, Problem> {
        let named = match self.project_id {
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
        (status = 409, description = "The project has another bed of this name (`name_taken`)"),
        (status = 422, description = "The .bed text has errors (`invalid_source`); no such bed can be (`impossible_bed`)"),
    ),
)]
pub async fn create_bed(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Json(new): Json<NewBed>,
) -> Result<Response, Problem> {
    let bed = new.bed()?;
    bed::plan(&bed, &app.machine)
        .map_err(|problems| refused(Code::ImpossibleBed, "this bed", problems))?;
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    let home = Home {
        project_id: new.project(&tx, &actor).await?,
        created_by: actor.user_id,
        description: new.description,
    };
    let answer = match store_bed(&tx, app.ids.as_ref(), home, &bed).await? {
        Stored::Same(same) => Answer::ok(&view::Bed::new(same, &app.machine)?)?,
        Stored::NameTaken => return Err(Problem::name_taken("bed", &bed.name)),
        Stored::New(stored) => {
            let path = format!("/beds/{}", stored.id);
            Answer::created(&path, &view::Bed::new(stored, &app.machine)?)?
        }
    };
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}

/// One problem for a whole specification; each pointer starts at the body.
fn refused(code: Code, what: &str, problems: Vec<bed::Problem>) -> Problem {
    let detail = match problems.as_slice() {
        [only] => format!("{what} is refused: {}", only.message),
        several => format!("{what} is refused for {} reasons", several.len()),
    };
    let errors = problems
        .into_iter()
        .map(|it| FieldError::new(format!("/spec{}", it.pointer), it.message));
    Problem::new(code, detail).with_errors(errors)
}

fn unreadable(found: &bed::Diagnostics) -> Problem {
    let errors = found.reports().into_iter().map(|it| FieldError {
        line: u32::try_from(it.line).ok(),
        column: u32::try_from(it.column).ok(),
        hint: it.hint,
        ..FieldError::new("/source", it.message)
    });
    Problem::new(Code::InvalidSource, found.to_string()).with_errors(errors)
}
