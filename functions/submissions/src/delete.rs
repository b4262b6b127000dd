//! `DELETE /submissions/{id}`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{Actor, Answer, App, Change, Code, Path, Problem};
use serde_json::json;
use store::access::Role;
use store::submissions;
use uuid::Uuid;

use crate::view;

/// Delete a submission that has ended.
///
/// What came of it stays: beds, simulations, results and files are deleted by themselves. While its jobs wait or run
/// nothing is deleted: cancel it first, and wait until they have stopped.
#[utoipa::path(
    delete, path = "/submissions/{id}", tag = "submissions",
    params(("id" = Uuid, Path, description = "The submission")),
    responses(
        (status = 204, description = "The submission is gone"),
        (status = 409, description = "Its jobs wait or run (`conflict`)"),
    ),
)]
pub async fn delete_submission(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    let stored = submissions::get_for(&tx, actor.as_at_least(Role::Editor), id).await?;
    if !submissions::delete(&tx, id).await? {
        let detail = format!("the submission is {}; cancel it first", stored.status);
        return Err(Problem::new(Code::Conflict, detail));
    }
    let meta = json!({ "kind": stored.kind, "version": stored.version, "status": stored.status });
    view::record(&tx, &app, &actor, "deleted", (id, stored.project_id), meta).await?;
    let answer = Answer::no_content();
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}
