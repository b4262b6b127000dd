//! `GET /jobs`

use axum::extract::State;
use jiff::Timestamp;
use job::{Job, Kind, Status};
use leito_http::{Actor, App, Json, Problem, Query, paging};
use serde::{Deserialize, Serialize};
use store::access::Role;
use store::beds;
use store::jobs::{self, Search};
use store::list::{KeyKind, Range};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which jobs, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Jobs in the answer; 100 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
    /// Jobs that are passed over.
    #[param(maximum = 10_000)]
    offset: Option<u32>,
    /// The `next` of the answer before.
    after: Option<String>,
    /// The newest first after a `-`, as when left out.
    #[param(inline)]
    sort: Option<Sort>,
    /// Jobs of this project.
    project_id: Option<Uuid>,
    /// Jobs of this bed.
    bed_id: Option<Uuid>,
    /// Jobs that this account wanted.
    created_by: Option<Uuid>,
    /// What they do.
    kind: Option<Kind>,
    /// Where they stand.
    status: Option<Status>,
    /// Made then or later.
    #[param(value_type = Option<String>, format = DateTime)]
    created_from: Option<Timestamp>,
    /// Made then or before.
    #[param(value_type = Option<String>, format = DateTime)]
    created_to: Option<Timestamp>,
}

/// What a list of jobs is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = JobSort)]
pub enum Sort {
    /// The oldest first.
    #[serde(rename = "created_at")]
    Oldest,
    /// The newest first.
    #[serde(rename = "-created_at")]
    Newest,
}

/// A page of jobs.
#[derive(Debug, Serialize, ToSchema)]
pub struct Jobs {
    /// In the order asked for.
    pub jobs: Vec<Job>,
    /// Ask for the following page with this as `after`; none at the end.
    pub next: Option<String>,
}

/// Find jobs, by what they are of, who wanted them, and where they stand.
#[utoipa::path(
    get, path = "/jobs", tag = "jobs", params(Wanted),
    responses(
        (status = 200, description = "A page of jobs", body = Jobs),
        (status = 404, description = "There is no such bed, or not for the caller (`not_found`)"),
    ),
)]
pub async fn list_jobs(
    State(app): State<App>,
    actor: Actor,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Jobs>, Problem> {
    let after = wanted.after.as_deref();
    let page = paging::page(wanted.limit, wanted.offset, after, KeyKind::Time)?;
    let descending = wanted.sort != Some(Sort::Oldest);
    let client = app.store.client().await?;
    let search = wanted.search(&client, &actor).await?;
    let found = jobs::search(&client, actor.user_id, search, descending, &page).await?;
    Ok(Json(Jobs {
        jobs: found.rows,
        next: found.next.map(|next| next.to_string()),
    }))
}

impl Wanted {
    /// The jobs of one bed are in its project.
    async fn search(self, client: &store::Client, actor: &Actor) -> Result<Search, Problem> {
        let of_bed = match self.bed_id {
            Some(id) => Some(beds::get_for(client, actor.as_at_least(Role::Viewer), id).await?),
            None => None,
        };
        Ok(Search {
            project_id: self.project_id.or(of_bed.map(|bed| bed.project_id)),
            bed_id: self.bed_id,
            created_by: self.created_by,
            kind: self.kind,
            status: self.status,
            created: Range {
                from: self.created_from.map(paging::storable),
                to: self.created_to.map(paging::storable),
            },
        })
    }
}
