//! `GET /jobs/{id}/events`

use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use job::{Event, Status};
use leito_http::{Actor, App, Code, Json, MAX_WAIT, Path, Problem, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

mod follow;
mod stream;

use follow::Follower;

/// Which events, and how long to wait for the first of them.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Only events after this number; 0 or nothing for all.
    #[serde(default)]
    #[param(minimum = 0)]
    after: i32,
    /// Seconds to wait when there is none yet, at most 20.
    #[serde(default)]
    #[param(minimum = 0, maximum = 20)]
    wait_s: u8,
}

/// What happened to a job.
#[derive(Debug, Serialize, ToSchema)]
pub struct History {
    /// In order, without gaps.
    pub events: Vec<Event>,
    /// Where the job stands; after a final state nothing follows.
    pub status: Status,
    /// Ask with this as `after` for what follows.
    pub next: i32,
}

/// What happened to a job, and what happens.
///
/// Without events to give, the answer waits for one up to `wait_s` seconds. With `Accept: text/event-stream` the events
/// come as a stream: `id` is the number, `event` the kind, `data` the event as JSON. It ends after the final event, or
/// after a while: then come back, with `Last-Event-ID` as browsers do by themselves.
#[utoipa::path(
    get, path = "/jobs/{id}/events", tag = "jobs",
    params(
        ("id" = Uuid, Path, description = "The job"),
        Wanted,
        ("Last-Event-ID" = Option<i32>, Header, description = "For a stream, stands before `after`"),
    ),
    responses((status = 200, description = "Events", content(
        (History = "application/json"),
        (String = "text/event-stream"),
    ))),
)]
pub async fn list_events(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let after = if wants_stream(&headers) {
        last_seen(&headers)?.unwrap_or(wanted.after)
    } else {
        wanted.after
    };
    let mut follower = Follower::new(app, actor, id, after).await?;
    if wants_stream(&headers) {
        return Ok(stream::of(follower).into_response());
    }
    let wait = Duration::from_secs(wanted.wait_s.into()).min(MAX_WAIT);
    let events = follower.next(wait).await?;
    let answer = History {
        events,
        status: follower.status(),
        next: follower.after(),
    };
    Ok(Json(answer).into_response())
}

fn wants_stream(headers: &HeaderMap) -> bool {
    let accepted = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok());
    accepted
        .flat_map(|list| list.split(','))
        .any(|one| one.trim().starts_with("text/event-stream"))
}

fn last_seen(headers: &HeaderMap) -> Result<Option<i32>, Problem> {
    let Some(value) = headers.get("last-event-id") else {
        return Ok(None);
    };
    let number = value.to_str().ok().and_then(|text| text.parse().ok());
    let detail = "Last-Event-ID is the number of an event";
    number
        .map(Some)
        .ok_or_else(|| Problem::new(Code::InvalidHeader, detail))
}
