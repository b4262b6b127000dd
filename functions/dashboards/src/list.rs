//! `GET /dashboards`

use axum::extract::State;
use leito_http::{Actor, App, Json, Problem, Query, paging};
use serde::{Deserialize, Serialize};
use store::dashboards::{self, Wanted};
use store::list::KeyKind;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::view::Dashboard;

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Of this project alone.
    project_id: Option<Uuid>,
    /// Dashboards in the answer, at most 500; 100 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
    /// Leave out the first so many.
    #[param(maximum = 10_000)]
    offset: Option<u32>,
    /// The `next` of the answer before; fast at any depth.
    before: Option<Uuid>,
}

/// A page of dashboards.
#[derive(Debug, Serialize, ToSchema)]
pub struct Dashboards {
    /// Newest first.
    dashboards: Vec<Dashboard>,
    /// Ask for the following page with this as `before`; none at the end.
    next: Option<Uuid>,
}

/// The dashboards of the caller's projects.
#[utoipa::path(
    get, path = "/dashboards", tag = "dashboards", params(Page),
    responses(
        (status = 200, description = "Newest first", body = Dashboards),
        (status = 400, description = "The query is not understood (`invalid_query`)"),
    ),
)]
pub async fn list_dashboards(
    State(app): State<App>,
    actor: Actor,
    Query(page): Query<Page>,
) -> Result<Json<Dashboards>, Problem> {
    let part = paging::page(page.limit, page.offset, None, KeyKind::Time)?;
    let limit = usize::try_from(part.limit).unwrap_or(usize::MAX);
    let wanted = Wanted {
        project_id: page.project_id,
        before: page.before,
        limit: part.limit + 1,
        offset: part.offset,
    };
    let client = app.store.client().await?;
    let mut found = dashboards::list(&client, actor.user_id, wanted).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|last| last.id);
    let shown: Result<_, Problem> = found.into_iter().map(Dashboard::try_from).collect();
    Ok(Json(Dashboards {
        dashboards: shown?,
        next,
    }))
}
