//! `POST /accounts/refresh`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{Actor, App, Change, Code, Json, Problem, secret};
use serde::Deserialize;
use store::audits::{self, NewAudit};
use store::refresh_tokens::{self, Family, Shown};
use store::{Transaction, users};
use utoipa::ToSchema;

use crate::session;

/// Who wants to stay in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// From the last log-in or refresh.
    #[schema(max_length = 200)]
    refresh_token: String,
}

/// Exchange a refresh token for new tokens.
///
/// Each is good once. One that is shown again has been stolen, by whom cannot be known, so it ends the whole log-in.
#[utoipa::path(
    post, path = "/accounts/refresh", tag = "accounts", request_body = Refresh, security(()),
    responses(
        (status = 200, description = "The next tokens, shown once", body = session::LogIn),
        (status = 401, description = "The token is unknown, used or expired, or its log-in has ended"),
    ),
)]
pub async fn refresh_log_in(
    State(app): State<App>,
    change: Change,
    Json(given): Json<Refresh>,
) -> Result<Response, Problem> {
    let (refresh_token, next) = session::token(&app)?;
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    match refresh_tokens::rotate(&tx, &secret::hash(&given.refresh_token), &next).await? {
        Shown::Good(family) => {
            let user = users::get(&tx, family.user_id).await?;
            let answer = session::answer(&app, family, refresh_token, user)?;
            change.commit(tx, &answer).await?;
            Ok(answer.into_response())
        }
        Shown::Reused(family) => {
            record_theft(&app, &tx, family).await?;
            tx.commit().await.map_err(store::Error::from)?;
            app.sessions.end([family.id], app.clock.now());
            Err(refused())
        }
        Shown::Refused => Err(refused()),
    }
}

async fn record_theft(app: &App, tx: &Transaction<'_>, family: Family) -> Result<(), Problem> {
    let actor = Actor::logged_in(family.user_id, family.id);
    let audit = NewAudit {
        target_id: Some(family.user_id),
        ..actor.audit(app, "user", "token_reused")
    };
    Ok(audits::insert(tx, &audit).await?)
}

fn refused() -> Problem {
    let detail = "the refresh token is not good any more; log in again";
    Problem::new(Code::Unauthenticated, detail)
}
