//! `POST /submissions/{id}/retry`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{Actor, App, Change, Code, Path, Problem};
use serde_json::json;
use store::access::Role;
use store::{jobs, submissions};
use uuid::Uuid;

use crate::create::accepted;
use crate::view::{self, Submission};

/// Try again what failed or was cancelled.
///
/// What is completed stays; the other jobs are queued again.
#[utoipa::path(
    post, path = "/submissions/{id}/retry", tag = "submissions",
    params(("id" = Uuid, Path, description = "The submission")),
    responses(
        (status = 202, description = "The submission; its work goes on", body = Submission),
        (status = 409, description = "It has no error (`conflict`)"),
    ),
)]
pub async fn retry_submission(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    let submission = submissions::get_for(&tx, actor.as_at_least(Role::Editor), id).await?;
    let again = submissions::ended_badly(&tx, id).await?;
    if submission.status != "error" || again.is_empty() {
        let detail = format!(
            "the submission is {}: there is nothing to try again",
            submission.status
        );
        return Err(Problem::new(Code::Conflict, detail));
    }
    for job in &again {
        jobs::retry(&tx, *job).await?;
    }
    let about = (id, submission.project_id);
    let meta = json!({ "jobs": again.len() });
    view::record(&tx, &app, &actor, "retried", about, meta).await?;
    let answer = accepted(&tx, &actor, id).await?;
    change.commit(tx, &answer).await?;
    app.wake_workers(client).await;
    Ok(answer.into_response())
}
