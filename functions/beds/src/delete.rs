//! `DELETE /beds/{id}`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{Actor, Answer, App, Change, Code, Path, Problem};
use store::access::Role;
use store::{audits, beds, jobs, object_tombstones};
use uuid::Uuid;

use crate::view;

/// Delete a bed with its packings, simulations, results and files.
///
/// While a job of the bed waits or runs nothing is deleted: cancel it first, and wait until it has stopped.
#[utoipa::path(
    delete, path = "/beds/{id}", tag = "beds", params(("id" = Uuid, Path, description = "The bed")),
    responses(
        (status = 204, description = "The bed is gone"),
        (status = 409, description = "A job of the bed waits or runs (`conflict`)"),
    ),
)]
pub async fn delete_bed(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    let stored = beds::lock_to_delete(&tx, actor.as_at_least(Role::Editor), id).await?;
    if let Some(job) = jobs::unfinished_of_bed(&tx, id).await?.first() {
        let detail = format!(
            "its {} job {} is {}; cancel it first",
            job.kind, job.id, job.status
        );
        return Err(Problem::new(Code::Conflict, detail));
    }
    object_tombstones::bury_files_of_bed(&tx, id).await?;
    beds::delete(&tx, id).await?;
    audits::insert(&tx, &view::audit(&app, &actor, "deleted", &stored)).await?;
    let answer = Answer::no_content();
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}
