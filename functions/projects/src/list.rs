//! `GET /projects`

use axum::extract::State;
use leito_http::{Actor, App, Json, Page, Problem, Query};
use serde::{Deserialize, Serialize};
use store::access;
use store::projects::{self, Filter};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::view::Project;

/// Which projects.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Words, or beginnings of words, that are all in name and description.
    #[param(example = "catal supp")]
    search: Option<String>,
    /// Also those that the caller is not in: for administrators.
    #[serde(default)]
    all: bool,
    /// Projects in the answer, at most 500; 100 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
    /// Projects to pass over; `before` is quicker.
    #[param(maximum = 10_000)]
    offset: Option<u32>,
    /// The `next` of the answer before.
    before: Option<Uuid>,
}

/// A page of projects.
#[derive(Debug, Serialize, ToSchema)]
pub struct Projects {
    /// Newest first.
    projects: Vec<Project>,
    /// Ask for the following page with this as `before`; none at the end.
    next: Option<Uuid>,
}

/// The projects that the caller is in.
#[utoipa::path(
    get, path = "/projects", tag = "projects", params(Wanted),
    responses(
        (status = 200, description = "A page of projects", body = Projects),
        (status = 400, description = "The query is not understood (`invalid_query`)"),
    ),
)]
pub async fn list_projects(
    State(app): State<App>,
    actor: Actor,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Projects>, Problem> {
    let page = Page::new(wanted.limit, wanted.offset)?;
    let (limit, offset) = page.rows();
    let client = app.store.client().await?;
    if wanted.all {
        access::administrator(&client, actor.user_id).await?;
    }
    let filter = Filter {
        all: wanted.all,
        words: wanted.search.as_deref(),
        before: wanted.before,
        limit,
        offset,
    };
    let mut found = projects::list(&client, actor.user_id, &filter).await?;
    let next = page.cut(&mut found, |project| project.id);
    let projects = found.into_iter().map(Project::from).collect();
    Ok(Json(Projects { projects, next }))
}
