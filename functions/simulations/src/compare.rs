//! `GET /simulations/compare`

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use leito_http::{Actor, App, Code, Json, Problem, Query};
use serde::Deserialize;
use store::simulations;
use utoipa::IntoParams;
use uuid::Uuid;

mod csv;
mod table;

use table::Comparison;

/// Simulations that one answer compares.
const MOST: usize = 100;

/// Which simulations.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Their ids, with commas between them; at most 100.
    #[param(example = "01922f5e-7c00-7000-8000-000000000001,01922f5e-7c00-7000-8000-000000000002")]
    ids: String,
}

/// Compare simulations side by side.
///
/// One row for each simulation and velocity, one column for each quantity that any of them has. With `Accept: text/csv`
/// the same as a table for a spreadsheet, the units in its header.
#[utoipa::path(
    get, path = "/simulations/compare", tag = "simulations", params(Wanted),
    responses(
        (status = 200, description = "The table", content(
            (Comparison = "application/json"),
            (String = "text/csv"),
        )),
        (status = 404, description = "One of them does not exist, or not for the caller (`not_found`)"),
    ),
)]
pub async fn compare_simulations(
    State(app): State<App>,
    actor: Actor,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let table = compared(&app, &actor, &wanted.ids).await?;
    if wants_csv(&headers) {
        return csv::answer(&table);
    }
    Ok(Json(table).into_response())
}

/// The same for a spreadsheet.
///
/// As `/simulations/compare` with `Accept: text/csv`, for who can only give an address.
#[utoipa::path(
    get, path = "/simulations/compare.csv", tag = "simulations", params(Wanted),
    responses(
        (status = 200, description = "The table", content_type = "text/csv", body = String),
        (status = 404, description = "One of them does not exist, or not for the caller (`not_found`)"),
    ),
)]
pub async fn compare_simulations_csv(
    State(app): State<App>,
    actor: Actor,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    csv::answer(&compared(&app, &actor, &wanted.ids).await?)
}

async fn compared(app: &App, actor: &Actor, ids: &str) -> Result<Comparison, Problem> {
    let ids = read(ids)?;
    let client = app.store.client().await?;
    let found = simulations::compare(&client, actor.user_id, &ids).await?;
    let known: BTreeSet<Uuid> = found.iter().map(|one| one.id).collect();
    match ids.iter().find(|id| !known.contains(*id)) {
        Some(missing) => Err(Problem::not_found("simulation", missing)),
        None => Ok(Comparison::new(&found)),
    }
}

fn read(ids: &str) -> Result<Vec<Uuid>, Problem> {
    let refused = |detail: String| Problem::new(Code::InvalidQuery, detail);
    let mut seen = BTreeSet::new();
    let mut read = Vec::new();
    for word in ids.split(',').map(str::trim) {
        let id: Uuid = word
            .parse()
            .map_err(|_| refused(format!("`ids`: `{word}` is no id")))?;
        if seen.insert(id) {
            read.push(id);
        }
    }
    if read.len() > MOST {
        let detail = format!(
            "`ids` names {} simulations, at most {MOST} are compared",
            read.len()
        );
        return Err(refused(detail));
    }
    Ok(read)
}

fn wants_csv(headers: &HeaderMap) -> bool {
    let accepted = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok());
    accepted
        .flat_map(|list| list.split(','))
        .any(|one| one.trim().starts_with("text/csv"))
}
