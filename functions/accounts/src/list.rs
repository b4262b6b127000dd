//! `GET /accounts`

use axum::extract::State;
use leito_http::{Actor, App, Json, Page, Problem, Query};
use serde::{Deserialize, Serialize};
use store::{access, users};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::view::Account;

/// Which accounts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Words, or beginnings of words, that are all in name and e-mail address.
    #[param(example = "ada lov")]
    search: Option<String>,
    /// Accounts in the answer, at most 500; 100 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
    /// Accounts to pass over; `before` is quicker.
    #[param(maximum = 10_000)]
    offset: Option<u32>,
    /// The `next` of the answer before.
    before: Option<Uuid>,
}

/// A page of accounts.
#[derive(Debug, Serialize, ToSchema)]
pub struct Accounts {
    /// Newest first.
    accounts: Vec<Account>,
    /// Ask for the following page with this as `before`; none at the end.
    next: Option<Uuid>,
}

/// All accounts, for administrators.
#[utoipa::path(
    get, path = "/accounts", tag = "accounts", params(Filter),
    responses(
        (status = 200, description = "A page of accounts", body = Accounts),
        (status = 400, description = "The query is not understood (`invalid_query`)"),
    ),
)]
pub async fn list_accounts(
    State(app): State<App>,
    actor: Actor,
    Query(filter): Query<Filter>,
) -> Result<Json<Accounts>, Problem> {
    let page = Page::new(filter.limit, filter.offset)?;
    let client = app.store.client().await?;
    access::administrator(&client, actor.user_id).await?;
    let words = filter.search.as_deref();
    let mut found = users::list(&client, filter.before, page.rows(), words).await?;
    let next = page.cut(&mut found, |user| user.id);
    let accounts = found.into_iter().map(Account::from).collect();
    Ok(Json(Accounts { accounts, next }))
}
