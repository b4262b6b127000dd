//! `GET /projects/{id}/members`

use axum::extract::State;
use leito_http::{Actor, App, Json, Page, Path, Problem, Query};
use serde::{Deserialize, Serialize};
use store::access::Role;
use store::{project_members, projects};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::Member;

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Members in the answer, at most 500; 100 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
    /// Members to pass over; `after` is quicker.
    #[param(maximum = 10_000)]
    offset: Option<u32>,
    /// The `next` of the answer before.
    after: Option<Uuid>,
}

/// A page of members.
#[derive(Debug, Serialize, ToSchema)]
pub struct Members {
    /// Oldest account first.
    members: Vec<Member>,
    /// Ask for the following page with this as `after`; none at the end.
    next: Option<Uuid>,
}

/// Who is in the project.
#[utoipa::path(
    get, path = "/projects/{id}/members", tag = "projects",
    params(("id" = Uuid, Path, description = "The project"), Part),
    responses(
        (status = 200, description = "A page of members", body = Members),
        (status = 400, description = "The query is not understood (`invalid_query`)"),
    ),
)]
pub async fn list_members(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Query(part): Query<Part>,
) -> Result<Json<Members>, Problem> {
    let page = Page::new(part.limit, part.offset)?;
    let client = app.store.client().await?;
    projects::get(&client, actor.as_at_least(Role::Viewer), id).await?;
    let mut found = project_members::list(&client, id, part.after, page.rows()).await?;
    let next = page.cut(&mut found, |member| member.user_id);
    let members = found.into_iter().map(Member::from).collect();
    Ok(Json(Members { members, next }))
}
