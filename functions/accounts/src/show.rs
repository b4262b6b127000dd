//! `GET /accounts/{id}`

use axum::extract::State;
use leito_http::{Actor, App, Json, Path, Problem};
use store::{access, users};
use uuid::Uuid;

use crate::view::Account;

/// Somebody's account, for administrators.
#[utoipa::path(
    get, path = "/accounts/{id}", tag = "accounts", params(("id" = Uuid, Path, description = "The account")),
    responses((status = 200, description = "The account", body = Account)),
)]
pub async fn show_account(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<Account>, Problem> {
    let client = app.store.client().await?;
    access::administrator(&client, actor.user_id).await?;
    Ok(Json(users::get(&client, id).await?.into()))
}
