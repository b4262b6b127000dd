//! `POST /jobs/{id}/cancel`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use job::Job;
use leito_http::{Actor, Answer, App, Change, MaybeJson, Path, Problem};
use serde::Deserialize;
use serde_json::json;
use store::access::Role;
use store::audits::{self, NewAudit};
use store::jobs;
use utoipa::ToSchema;
use uuid::Uuid;

/// Nothing can be said about it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Cancel {}

/// Stop a job.
///
/// One that waits is cancelled at once, and with it those that wait for it. One that runs is asked to stop: its worker
/// kills the engine within seconds, and the job is cancelled then. Asking again changes nothing.
#[utoipa::path(
    post, path = "/jobs/{id}/cancel", tag = "jobs", params(("id" = Uuid, Path, description = "The job")),
    request_body = Option<Cancel>,
    responses(
        (status = 202, description = "The job as it is now", body = Job),
        (status = 409, description = "The job has ended (`conflict`)"),
    ),
)]
pub async fn cancel_job(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Path(id): Path<Uuid>,
    MaybeJson(Cancel {}): MaybeJson<Cancel>,
) -> Result<Response, Problem> {
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    jobs::get_for(&tx, actor.as_at_least(Role::Editor), id).await?;
    let job = jobs::request_cancel(&tx, id).await?;
    audits::insert(&tx, &audit(&app, &actor, "cancelled", &job)).await?;
    let answer = Answer::accepted(&format!("/jobs/{id}"), &job)?;
    change.commit(tx, &answer).await?;
    app.tell_watchers(client).await;
    Ok(answer.into_response())
}

/// A record of what somebody did to a job.
pub fn audit(app: &App, actor: &Actor, action: &'static str, job: &Job) -> NewAudit {
    NewAudit {
        target_id: Some(job.id),
        project_id: Some(job.project_id),
        meta: json!({ "kind": job.kind, "bed_id": job.bed_id }),
        ..actor.audit(app, "job", action)
    }
}
