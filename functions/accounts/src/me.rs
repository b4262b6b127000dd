//! `GET`, `PUT` and `DELETE /accounts/me`

pub mod password;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{Actor, Answer, App, Change, Code, Json, Person, Problem};
use serde::Deserialize;
use store::audits::{self, NewAudit};
use store::{project_members, users};
use utoipa::ToSchema;

use crate::view::Account;
use crate::{person, register};

/// Projects that a refusal names.
const NAMED: i64 = 20;

/// The caller's own account.
#[utoipa::path(
    get, path = "/accounts/me", tag = "accounts",
    responses((status = 200, description = "The account", body = Account)),
)]
pub async fn show_me(State(app): State<App>, actor: Actor) -> Result<Json<Account>, Problem> {
    let client = app.store.client().await?;
    let user = users::find(&client, actor.user_id).await?;
    Ok(Json(user.ok_or_else(gone)?.into()))
}

/// What somebody says of themselves.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Me {
    /// The person's name.
    #[schema(example = "Ada Lovelace", min_length = 1, max_length = 200)]
    name: String,
    /// The person's CPF, with or without dots; left out, there is none.
    #[schema(example = "529.982.247-25")]
    cpf: Option<String>,
}

/// Change what the account says of its person. The e-mail address stays.
#[utoipa::path(
    put, path = "/accounts/me", tag = "accounts", request_body = Me,
    responses(
        (status = 200, description = "The account as it is now", body = Account),
        (status = 409, description = "The CPF has another account (`already_registered`)"),
    ),
)]
pub async fn update_me(
    State(app): State<App>,
    Person(actor): Person,
    change: Change,
    Json(new): Json<Me>,
) -> Result<Response, Problem> {
    let (name, cpf) = match (
        person::name(&new.name),
        new.cpf.as_deref().map(person::cpf).transpose(),
    ) {
        (Ok(name), Ok(cpf)) => (name, cpf),
        (name, cpf) => {
            return Err(register::refused(
                [name.err(), cpf.err()].into_iter().flatten(),
            ));
        }
    };
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    let updated = users::update(&tx, actor.user_id, &name, cpf.as_deref()).await;
    let audit = NewAudit {
        target_id: Some(actor.user_id),
        ..actor.audit(&app, "user", "updated")
    };
    let answer = Answer::ok(&Account::from(updated.map_err(register::taken)?))?;
    audits::insert(&tx, &audit).await?;
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}

/// End the account.
///
/// Log-ins and API keys end with it. Projects that others own too go on, with everything in them. A project that nobody
/// else owns has to be deleted first, or given another owner.
#[utoipa::path(
    delete, path = "/accounts/me", tag = "accounts",
    responses(
        (status = 204, description = "The account is gone"),
        (status = 409, description = "Some projects would have no owner, the answer names them; or nobody would be administrator (`conflict`)"),
    ),
)]
pub async fn delete_me(
    State(app): State<App>,
    Person(actor): Person,
    change: Change,
) -> Result<Response, Problem> {
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    users::lock_to_delete(&tx, actor.user_id).await?;
    let orphans = project_members::owned_alone(&tx, actor.user_id, NAMED).await?;
    if !orphans.is_empty() {
        return Err(needed(&orphans));
    }
    users::delete(&tx, actor.user_id).await?;
    let audit = NewAudit {
        target_id: Some(actor.user_id),
        ..actor.audit(&app, "user", "deleted")
    };
    audits::insert(&tx, &audit).await?;
    let answer = Answer::no_content();
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}

/// The token outlives the account by minutes.
fn gone() -> Problem {
    Problem::new(Code::Unauthenticated, "the account is gone")
}

fn needed(projects: &[String]) -> Problem {
    let names = projects.join("`, `");
    let detail = format!(
        "nobody else owns `{names}`; delete what is not needed, and give the rest another owner"
    );
    Problem::new(Code::Conflict, detail)
}
