//! `POST /accounts/log-out`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{Answer, App, Change, Person, Problem};
use store::audits::{self, NewAudit};
use store::refresh_tokens::{self, Family};

/// Log out.
///
/// The tokens of this log-in are worthless from now on. (Other instances of a deployed service may take its last access
/// token for five more seconds.)
#[utoipa::path(
    post, path = "/accounts/log-out", tag = "accounts",
    responses((status = 204, description = "Logged out")),
)]
pub async fn log_out(
    State(app): State<App>,
    Person(actor): Person,
    change: Change,
) -> Result<Response, Problem> {
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    let family = Family {
        id: actor.session.id(),
        user_id: actor.user_id,
    };
    refresh_tokens::end(&tx, family).await?;
    let audit = NewAudit {
        target_id: Some(actor.user_id),
        ..actor.audit(&app, "user", "logged_out")
    };
    audits::insert(&tx, &audit).await?;
    let answer = Answer::no_content();
    change.commit(tx, &answer).await?;
    app.sessions.end([family.id], app.clock.now());
    Ok(answer.into_response())
}
