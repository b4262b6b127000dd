//! `POST /accounts/log-in`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{Address, App, Change, Code, Json, Problem, password, throttle};
use serde::Deserialize;
use store::audits::{self, NewAudit};
use store::{rate_limits, users};
use utoipa::ToSchema;

use crate::{limits, person, register, session};

/// Who wants in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// The address of the account.
    #[schema(example = "ada@example.org", format = "email", max_length = 254)]
    email: String,
    /// Its password.
    #[schema(example = "a long sentence is easy to keep", max_length = 256)]
    password: String,
}

/// Log in.
///
/// An address without an account gets the same answer, after the same time, as a wrong password.
#[utoipa::path(
    post, path = "/accounts/log-in", tag = "accounts", request_body = Credentials, security(()),
    responses(
        (status = 200, description = "The tokens, shown once", body = session::LogIn),
        (status = 401, description = "Address or password are wrong"),
        (status = 429, description = "Too many log-ins from here or for this account (`rate_limited`)"),
    ),
)]
pub async fn log_in(
    State(app): State<App>,
    from: Address,
    change: Change,
    Json(given): Json<Credentials>,
) -> Result<Response, Problem> {
    let email = person::email(&given.email).map_err(|error| register::refused([error]))?;
    throttle::count(&app, &limits::log_in(from, &email)).await?;
    let known = users::find_by_email(&app.store.client().await?, &email).await?;
    let kept = known.as_ref().and_then(|user| user.password_hash.clone());
    if !password::verify(given.password, kept.clone()).await? {
        return Err(wrong());
    }
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    let user = users::lock(&tx, known.ok_or_else(wrong)?.id).await?;
    if user.password_hash != kept {
        return Err(wrong()); // it was changed while this was looked at
    }
    rate_limits::forgive(&tx, &limits::log_in_of(&email)).await?;
    let target_id = Some(user.id);
    let (actor, answer) = session::begin(&app, &tx, user).await?;
    let audit = NewAudit {
        target_id,
        ..actor.audit(&app, "user", "logged_in")
    };
    audits::insert(&tx, &audit).await?;
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}

fn wrong() -> Problem {
    let detail = "the e-mail address or the password is wrong";
    Problem::new(Code::Unauthenticated, detail)
}
