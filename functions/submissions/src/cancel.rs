//! `POST /submissions/{id}/cancel`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{Actor, App, Change, Code, Path, Problem};
use serde_json::json;
use store::access::Role;
use store::{jobs, submissions};
use uuid::Uuid;

use crate::create::accepted;
use crate::view::{self, Submission};

/// Stop the work behind a submission.
///
/// What waits is cancelled at once, what runs is asked to stop. A packing that somebody else's flow waits for goes on.
#[utoipa::path(
    post, path = "/submissions/{id}/cancel", tag = "submissions",
    params(("id" = Uuid, Path, description = "The submission")),
    responses(
        (status = 202, description = "The submission; its jobs end", body = Submission),
        (status = 409, description = "It has ended (`conflict`)"),
    ),
)]
pub async fn cancel_submission(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    let submission = submissions::get_for(&tx, actor.as_at_least(Role::Editor), id).await?;
    let stopped = submissions::cancellable(&tx, id).await?;
    if stopped.is_empty() {
        let detail = format!(
            "the submission is {}: nothing is left to stop",
            submission.status
        );
        return Err(Problem::new(Code::Conflict, detail));
    }
    for job in &stopped {
        jobs::request_cancel(&tx, *job).await?;
    }
    let about = (id, submission.project_id);
    let meta = json!({ "jobs": stopped.len() });
    view::record(&tx, &app, &actor, "cancelled", about, meta).await?;
    let answer = accepted(&tx, &actor, id).await?;
    change.commit(tx, &answer).await?;
    app.tell_watchers(client).await;
    Ok(answer.into_response())
}
