//! `GET /api-keys`

use axum::extract::State;
use leito_http::{App, Json, Page, Person, Problem, Query};
use serde::{Deserialize, Serialize};
use store::api_keys;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::ApiKey;

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Keys in the answer, at most 500; 100 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
    /// Keys to pass over; `before` is quicker.
    #[param(maximum = 10_000)]
    offset: Option<u32>,
    /// The `next` of the answer before.
    before: Option<Uuid>,
}

/// A page of keys.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiKeys {
    /// Newest first.
    api_keys: Vec<ApiKey>,
    /// Ask for the following page with this as `before`; none at the end.
    next: Option<Uuid>,
}

/// The caller's API keys, revoked and expired ones for another month.
#[utoipa::path(
    get, path = "/api-keys", tag = "api-keys", params(Part),
    responses(
        (status = 200, description = "A page of keys", body = ApiKeys),
        (status = 400, description = "The query is not understood (`invalid_query`)"),
    ),
)]
pub async fn list_api_keys(
    State(app): State<App>,
    Person(actor): Person,
    Query(part): Query<Part>,
) -> Result<Json<ApiKeys>, Problem> {
    let page = Page::new(part.limit, part.offset)?;
    let client = app.store.client().await?;
    let mut found = api_keys::list(&client, actor.user_id, part.before, page.rows()).await?;
    let next = page.cut(&mut found, |key| key.id);
    let api_keys = found.into_iter().map(ApiKey::from).collect();
    Ok(Json(ApiKeys { api_keys, next }))
}
