//! `POST /jobs/tickets`

use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use leito_http::{Actor, Answer, App, Change, MaybeJson, Problem, secret, throttle};
use serde::{Deserialize, Serialize};
use store::live_tickets;
use store::rate_limits::Limit;
use utoipa::ToSchema;

/// How tickets begin.
const PREFIX: &str = "ticket_";
/// Long enough to open a connection with it.
const LIFE: Duration = Duration::from_mins(1);
/// Of one person in a minute.
const AT_MOST: i32 = 60;

/// Nothing can be said about it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTicket {}

/// What opens one WebSocket.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ticket {
    /// Goes into the address: `/live?ticket=…`.
    pub ticket: String,
    /// Until when it is good, unless it is used before.
    pub expires_at: Timestamp,
}

/// A ticket for a WebSocket.
///
/// Job events also come over a WebSocket (docs/live.md). A browser cannot send its access token with one: it asks for a
/// ticket here and puts it into the address. A ticket is good once, within a minute.
#[utoipa::path(
    post, path = "/jobs/tickets", tag = "jobs",
    request_body = Option<NewTicket>,
    responses(
        (status = 200, description = "The ticket, shown once", body = Ticket),
        (status = 409, description = "It was answered before (`already_answered`), or the account is being deleted"),
        (status = 429, description = "Too many in a short time (`rate_limited`)"),
    ),
)]
pub async fn create_ticket(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    MaybeJson(NewTicket {}): MaybeJson<NewTicket>,
) -> Result<Response, Problem> {
    let limit = Limit {
        bucket: format!("tickets of {}", actor.user_id),
        at_most: AT_MOST,
        window: Duration::from_mins(1),
    };
    throttle::count(&app, &[limit]).await?;
    let (ticket, hash) = secret::new(PREFIX)?;
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    let expires_at = live_tickets::insert(&tx, &hash, actor.user_id, LIFE).await?;
    let answer = Answer::ok(&Ticket { ticket, expires_at })?.shown_once();
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}
