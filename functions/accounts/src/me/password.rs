//! `POST /accounts/me/password`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{
    Answer, App, Change, Code, FieldError, Json, Person, Problem, password, throttle,
};
use serde::Deserialize;
use store::audits::{self, NewAudit};
use store::refresh_tokens::{self, Family};
use store::users;
use utoipa::ToSchema;

use crate::{limits, person, register};

/// The old password and the new one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Passwords {
    /// Good until now.
    #[schema(max_length = 256)]
    old_password: String,
    /// 10 to 256 characters, and not the e-mail address.
    #[schema(min_length = 10, max_length = 256)]
    new_password: String,
}

/// Change the password.
///
/// All other log-ins end. API keys stay: revoke those that may be known to others.
#[utoipa::path(
    post, path = "/accounts/me/password", tag = "accounts", request_body = Passwords,
    responses(
        (status = 204, description = "The new password counts"),
        (status = 403, description = "The old password is wrong"),
        (status = 429, description = "Too many wrong ones (`rate_limited`)"),
    ),
)]
pub async fn change_password(
    State(app): State<App>,
    Person(actor): Person,
    change: Change,
    Json(given): Json<Passwords>,
) -> Result<Response, Problem> {
    let before = users::get(&app.store.client().await?, actor.user_id).await?;
    person::password(&given.new_password, &before.email, "/new_password")
        .map_err(|error| register::refused([error]))?;
    throttle::count(&app, &limits::password(actor.user_id)).await?;
    if !password::verify(given.old_password, before.password_hash.clone()).await? {
        return Err(wrong());
    }
    let hash = password::hash(given.new_password).await?;
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    if users::lock(&tx, actor.user_id).await?.password_hash != before.password_hash {
        return Err(wrong()); // somebody else changed it while this was looked at
    }
    users::set_password(&tx, actor.user_id, &hash).await?;
    let this = Family {
        id: actor.session.id(),
        user_id: actor.user_id,
    };
    let others = refresh_tokens::end_others(&tx, this).await?;
    let audit = NewAudit {
        target_id: Some(actor.user_id),
        ..actor.audit(&app, "user", "password_changed")
    };
    audits::insert(&tx, &audit).await?;
    let answer = Answer::no_content();
    change.commit(tx, &answer).await?;
    app.sessions.end(others, app.clock.now());
    Ok(answer.into_response())
}

fn wrong() -> Problem {
    let message = "the old password is wrong";
    Problem::new(Code::Forbidden, message).with_errors([FieldError::new("/old_password", message)])
}
