//! `PUT /accounts/{id}/role`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{Answer, App, Change, Json, Path, Person, Problem};
use serde::Deserialize;
use store::audits::{self, NewAudit};
use store::{access, users};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::view::Account;

/// What somebody is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRole {
    /// `admin` sees and does everything.
    role: Role,
}

/// What somebody may do apart from what projects let them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AccountRole)]
enum Role {
    Member,
    Admin,
}

/// Make somebody an administrator, or no longer one.
#[utoipa::path(
    put, path = "/accounts/{id}/role", tag = "accounts", params(("id" = Uuid, Path, description = "The account")),
    request_body = NewRole,
    responses(
        (status = 200, description = "The account as it is now", body = Account),
        (status = 409, description = "This is the last administrator (`conflict`)"),
    ),
)]
pub async fn set_account_role(
    State(app): State<App>,
    Person(actor): Person,
    change: Change,
    Path(id): Path<Uuid>,
    Json(wanted): Json<NewRole>,
) -> Result<Response, Problem> {
    let is_admin = wanted.role == Role::Admin;
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    access::administrator(&tx, actor.user_id).await?;
    let user = users::set_role(&tx, id, is_admin).await?;
    let audit = NewAudit {
        target_id: Some(id),
        meta: serde_json::json!({ "is_admin": is_admin }),
        ..actor.audit(&app, "user", "role_changed")
    };
    audits::insert(&tx, &audit).await?;
    let answer = Answer::ok(&Account::from(user))?;
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}
