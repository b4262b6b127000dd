//! Log-ins: an access token of minutes, and a refresh token of days that is good once.

use std::time::Duration;

use leito_http::{Actor, Answer, App, Problem, auth, secret};
use serde::Serialize;
use store::Transaction;
use store::refresh_tokens::{self, Family, NewToken};
use store::users::User;
use utoipa::ToSchema;

use crate::view::Account;

/// How refresh tokens begin, so that nobody takes one for a key.
const PREFIX: &str = "refresh_";
/// How long somebody stays logged in without using it.
const REFRESH_LIFE: Duration = Duration::from_hours(30 * 24);

/// What a log-in gives. Both tokens are shown once and kept nowhere but with the caller.
#[derive(Debug, Serialize, ToSchema)]
pub struct LogIn {
    /// Send it as `Authorization: Bearer`.
    access_token: String,
    /// Seconds for which the access token is good. Nothing ends it earlier, not even logging out.
    #[schema(example = 900)]
    expires_in_s: u64,
    /// Gives the next access token, once, and with it the next refresh token.
    refresh_token: String,
    /// Seconds for which the refresh token is good.
    #[schema(example = 2_592_000)]
    refresh_expires_in_s: u64,
    /// Whose they are.
    account: Account,
}

/// A new refresh token, and what to keep of it.
pub fn token(app: &App) -> Result<(String, NewToken), Problem> {
    let (token, token_hash) = secret::new(PREFIX)?;
    let new = NewToken {
        id: app.ids.next(),
        token_hash,
        life: REFRESH_LIFE,
    };
    Ok((token, new))
}

/// A log-in of this person that begins now.
pub async fn begin(
    app: &App,
    tx: &Transaction<'_>,
    user: User,
) -> Result<(Actor, Answer), Problem> {
    let family = Family {
        id: app.ids.next(),
        user_id: user.id,
    };
    let (refresh_token, new) = token(app)?;
    refresh_tokens::insert(tx, family, &new).await?;
    let actor = Actor::logged_in(user.id, family.id);
    Ok((actor, answer(app, family, refresh_token, user)?))
}

/// The tokens with which a log-in begins or goes on.
pub fn answer(
    app: &App,
    family: Family,
    refresh_token: String,
    user: User,
) -> Result<Answer, Problem> {
    let tokens = LogIn {
        access_token: app.tokens.issue(user.id, family.id, app.clock.now())?,
        expires_in_s: auth::TOKEN_LIFE.as_secs(),
        refresh_token,
        refresh_expires_in_s: REFRESH_LIFE.as_secs(),
        account: user.into(),
    };
    Ok(Answer::ok(&tokens)?.shown_once())
}
