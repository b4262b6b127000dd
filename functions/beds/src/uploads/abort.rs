//! `DELETE /beds/{id}/uploads/{upload_id}`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{Actor, Answer, App, Change, Path, Problem};
use store::access::Role;
use store::uploads;
use uuid::Uuid;

/// Give an upload up.
///
/// Its parts are removed at once.
#[utoipa::path(
    delete, path = "/beds/{id}/uploads/{upload_id}", tag = "beds",
    params(("id" = Uuid, Path, description = "The bed"), ("upload_id" = Uuid, Path, description = "The upload")),
    responses((status = 204, description = "The upload is gone")),
)]
pub async fn abort_upload(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Path((id, upload_id)): Path<(Uuid, Uuid)>,
) -> Result<Response, Problem> {
    let mut client = app.store.client().await?;
    let may_write = actor.as_at_least(Role::Editor);
    let stored = uploads::get_for(&client, may_write, id, upload_id).await?;
    app.objects
        .drop_parts(&stored.object_key, &stored.multipart_id)
        .await?;
    let tx = change.begin(&mut client).await?;
    uploads::end(&tx, upload_id).await?;
    let answer = Answer::no_content();
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}
