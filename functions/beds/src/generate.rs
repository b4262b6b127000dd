//! `POST /beds/{id}/generate`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use job::Job;
use leito_http::{Actor, Answer, App, Change, MaybeJson, Path, Problem};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::access::Role;
use store::audits::{self, NewAudit};
use store::{beds, jobs};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::view;

/// Nothing can be said about it: the bed says it all.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Generate {}

/// The work that was begun.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BegunPacking)]
pub struct Begun {
    /// Watch it at `/jobs/{id}`.
    pub job: Job,
}

/// Pack the bed.
///
/// The same bed packed before is answered from the store: the job completes without running Blender.
#[utoipa::path(
    post, path = "/beds/{id}/generate", tag = "beds", params(("id" = Uuid, Path, description = "The bed")),
    request_body = Option<Generate>,
    responses((status = 202, description = "The packing job", body = Begun)),
)]
pub async fn generate_packing(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Path(id): Path<Uuid>,
    MaybeJson(Generate {}): MaybeJson<Generate>,
) -> Result<Response, Problem> {
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    let bed = beds::get_for(&tx, actor.as_at_least(Role::Editor), id).await?;
    let new = studies::packing_job(app.ids.next(), id, &view::read(&bed)?, actor.user_id);
    let job = jobs::insert(&tx, &new).await?;
    let audit = NewAudit {
        target_id: Some(job.id),
        project_id: Some(bed.project_id),
        meta: json!({ "kind": job.kind, "bed_id": id }),
        ..actor.audit(&app, "job", "started")
    };
    audits::insert(&tx, &audit).await?;
    let answer = Answer::accepted(&format!("/jobs/{}", job.id), &Begun { job })?;
    change.commit(tx, &answer).await?;
    app.wake_workers(client).await;
    Ok(answer.into_response())
}
