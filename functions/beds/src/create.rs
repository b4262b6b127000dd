//! `POST /beds`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{Answer, App, Change, Code, FieldError, Json, Problem};
use serde::Deserialize;
use store::beds;
use utoipa::ToSchema;

use crate::view;

/// A specification in either form.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NewBed {
    /// As JSON.
    Spec(view::Specification),
    /// In the `.bed` language.
    #[schema(example = "bed demo { geometry { diameter = 0.05 m; height = 0.1 m; } }")]
    Source(String),
}

impl NewBed {
    /// The bed, or everything that is wrong with its description.
    fn into_bed(self) -> Result<bed::Bed, Problem> {
        match self {
            Self::Spec(spec) => bed::from_value(&spec.0)
                .map_err(|problems| refused(Code::InvalidBody, "the specification", problems)),
            Self::Source(text) => bed::parse(&text, "source").map_err(|found| unreadable(&found)),
        }
    }
}

/// Store a bed that can be computed.
///
/// The answer holds the plan: the height to expect, porosity, cells, memory, minutes, cost. A bed that cannot be is
/// refused with the numbers and with what would work.
#[utoipa::path(
    post, path = "/beds", tag = "beds", request_body = NewBed,
    responses(
        (status = 201, description = "The bed and its plan", body = view::Bed),
        (status = 422, description = "The .bed text has errors (`invalid_source`); no such bed can be (`impossible_bed`)"),
    ),
)]
pub async fn create_bed(
    State(app): State<App>,
    change: Change,
    Json(new): Json<NewBed>,
) -> Result<Response, Problem> {
    let bed = new.into_bed()?;
    bed::plan(&bed, &app.machine)
        .map_err(|problems| refused(Code::ImpossibleBed, "this bed", problems))?;
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    let stored = beds::insert(&tx, &row(&app, &bed)).await?;
    let path = format!("/beds/{}", stored.id);
    let answer = Answer::created(&path, &view::Bed::new(stored, &app.machine)?)?;
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}

fn row(app: &App, bed: &bed::Bed) -> beds::NewBed {
    let spec = bed::to_json(bed);
    beds::NewBed {
        id: app.ids.next(),
        name: bed.name.clone(),
        spec_hash: bed::content_hash("bed", &spec, &[]),
        spec,
        tube_diameter_m: bed.geometry.diameter_m,
        tube_height_m: bed.geometry.height_m,
        particle_diameter_m: bed.particles.diameter_m,
        particle_count: i32::try_from(bed.particle_count()).unwrap_or(i32::MAX),
    }
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
