//! `GET /fileshare`

use axum::extract::State;
use leito_http::{Actor, App, Json, Problem, Query, paging};
use serde::{Deserialize, Serialize};
use store::fileshare_items;
use store::list::KeyKind;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::view::ShareLink;

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Links in the answer, at most 500; 100 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
    /// Leave out the first so many.
    #[param(maximum = 10_000)]
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
    let part = paging::page(page.limit, page.offset, None, KeyKind::Time)?;
    let (asked, limit) = (
        part.limit + 1,
        usize::try_from(part.limit).unwrap_or(usize::MAX),
    );
    let client = app.store.client().await?;
    let mut found =
        fileshare_items::list(&client, actor.user_id, page.before, asked, part.offset).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|link| link.id);
    let now = app.clock.now();
    let links = found
        .into_iter()
        .map(|link| ShareLink::new(link, now))
        .collect();
    Ok(Json(ShareLinks { links, next }))
}
