//! `POST /jobs/{id}/retry`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use job::Job;
use leito_http::{Actor, Answer, App, Change, MaybeJson, Path, Problem};
use serde::Deserialize;
use store::access::Role;
use store::{audits, jobs};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::cancel::audit;

/// Nothing can be said about it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Retry {}

/// Try a job again that failed or was cancelled.
///
/// It is queued as if it had just been made, with all its attempts. A job that came after one that did not complete waits
/// for that one to be tried again first. What was finished before is in the store and is not computed again.
#[utoipa::path(
    post, path = "/jobs/{id}/retry", tag = "jobs", params(("id" = Uuid, Path, description = "The job")),
    request_body = Option<Retry>,
    responses(
        (status = 202, description = "The job as it is now", body = Job),
        (status = 409, description = "It has not ended, has completed, or comes after a job that did not (`conflict`)"),
    ),
)]
pub async fn retry_job(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Path(id): Path<Uuid>,
    MaybeJson(Retry {}): MaybeJson<Retry>,
) -> Result<Response, Problem> {
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    jobs::get_for(&tx, actor.as_at_least(Role::Editor), id).await?;
    let job = jobs::retry(&tx, id).await?;
    audits::insert(&tx, &audit(&app, &actor, "retried", &job)).await?;
    let answer = Answer::accepted(&format!("/jobs/{id}"), &job)?;
    change.commit(tx, &answer).await?;
    app.wake_workers(client).await;
    Ok(answer.into_response())
}
