//! `GET /fileshare`

use axum::Json;
use axum::extract::State;
use leito_http::{Actor, App, Problem, Query};
use serde::{Deserialize, Serialize};
use store::fileshare_items;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::view::ShareLink;

/// Links that one answer holds when the caller does not say.
const PAGE: u16 = 50;
/// And at most.
const MAX_PAGE: u16 = 200;
const MAX_OFFSET: u32 = 100_000;

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Links in the answer, at most 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// Leave out the first so many.
    #[param(maximum = 100_000)]
    offset: Option<u32>,
    /// The `next` of the answer before; fast at any depth.
    before: Option<Uuid>,
}

/// A page of the caller's links.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShareLinks {
    /// Newest first.
    links: Vec<ShareLink>,
    /// Ask for the following page with this as `before`; none at the end.
    next: Option<Uuid>,
}

/// The share links that the caller made.
#[utoipa::path(
    get, path = "/fileshare", tag = "share links", params(Page),
    responses(
        (status = 200, description = "Newest first", body = ShareLinks),
        (status = 400, description = "The query is not understood (`invalid_query`)"),
    ),
)]
pub async fn list_share_links(
    State(app): State<App>,
    actor: Actor,
    Query(page): Query<Page>,
) -> Result<Json<ShareLinks>, Problem> {
    let limit = page.limit.unwrap_or(PAGE).clamp(1, MAX_PAGE);
    let offset = i64::from(page.offset.unwrap_or(0).min(MAX_OFFSET));
    let client = app.store.client().await?;
    let asked = i64::from(limit) + 1;
    let mut found =
        fileshare_items::list(&client, actor.user_id, page.before, asked, offset).await?;
    let more = found.len() > usize::from(limit);
    found.truncate(usize::from(limit));
    let next = found.last().filter(|_| more).map(|link| link.id);
    let now = app.clock.now();
    let links = found
        .into_iter()
        .map(|link| ShareLink::new(link, now))
        .collect();
    Ok(Json(ShareLinks { links, next }))
}
