//! `POST /beds/{id}/uploads/{upload_id}/complete`

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use leito_http::{Actor, Answer, App, Change, Json, MaybeJson, Path, Problem};
use serde::{Deserialize, Serialize};
use store::access::Role;
use store::bed_files::{self, NewFile};
use store::{Client, beds, uploads};
use tracing::warn;
use utoipa::ToSchema;
use uuid::Uuid;

use super::verify::{Verdict, verify};
use crate::files::File;
use crate::upload::record;

/// Nothing can be said about it: the upload says it all.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompleteUpload {}

/// How far the content was read.
#[derive(Debug, Serialize, ToSchema)]
pub struct Verifying {
    /// So much of it.
    pub verified_bytes: u64,
    /// Size of the whole file.
    pub bytes: i64,
}

/// Make a file of the parts that were sent.
///
/// Refused while parts are missing; the upload then stays open. The whole content is read again: if its size, SHA-256 or
/// type is not what was announced, the upload is over and nothing of it stays. What takes longer than a request may is
/// answered with 202: ask again, and it goes on where it was. Completing what is complete gives the file.
#[utoipa::path(
    post, path = "/beds/{id}/uploads/{upload_id}/complete", tag = "beds",
    params(("id" = Uuid, Path, description = "The bed"), ("upload_id" = Uuid, Path, description = "The upload")),
    request_body = Option<CompleteUpload>,
    responses(
        (status = 201, description = "The file", body = File),
        (status = 200, description = "It was completed before", body = File),
        (status = 202, description = "The content is still being read: ask again", body = Verifying),
        (status = 409, description = "Parts are missing (`upload_incomplete`)"),
        (status = 422, description = "Another size, hash or type than announced (`content_mismatch`)"),
    ),
)]
pub async fn complete_upload(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Path((id, upload_id)): Path<(Uuid, Uuid)>,
    MaybeJson(CompleteUpload {}): MaybeJson<CompleteUpload>,
) -> Result<Response, Problem> {
    let may_write = actor.as_at_least(Role::Editor);
    let mut client = app.store.client().await?;
    let upload = match uploads::get_for(&client, may_write, id, upload_id).await {
        Err(store::Error::NotFound { .. }) => {
            return completed_before(&mut client, &actor, &change, id, upload_id).await;
        }
        found => found?,
    };
    // The connection goes back: reading the content takes a while.
    drop(client);
    let verdict = Box::pin(verify(&app, &upload)).await?;
    let mut client = app.store.client().await?;
    match verdict {
        Verdict::Good => {}
        Verdict::Unfinished(verified_bytes) => return Ok(unfinished(verified_bytes, &upload)),
        Verdict::Bad(problem) => {
            refuse(&app, &mut client, &upload).await?;
            return Err(problem);
        }
    }
    let tx = change.begin(&mut client).await?;
    let bed = beds::lock_for(&tx, may_write, id).await?;
    if !uploads::end(&tx, upload_id).await? {
        drop(tx);
        return completed_before(&mut client, &actor, &change, id, upload_id).await;
    }
    let stored = record(&app, &tx, &actor, &bed, file(upload)).await?;
    let answer = Answer::created(&format!("/beds/{id}/files/{}", stored.id), &stored)?;
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}

/// The file that was made of the upload, if it was: a file has the id of its upload.
async fn completed_before(
    client: &mut Client,
    actor: &Actor,
    change: &Change,
    id: Uuid,
    upload_id: Uuid,
) -> Result<Response, Problem> {
    let tx = change.begin(client).await?;
    beds::get_for(&tx, actor.as_at_least(Role::Editor), id).await?;
    let made = bed_files::find(&tx, id, upload_id).await?;
    let made = made.ok_or_else(|| Problem::not_found("upload", upload_id))?;
    let answer = Answer::ok(&File::from(made))?;
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}

fn unfinished(verified_bytes: u64, upload: &uploads::Upload) -> Response {
    let so_far = Verifying {
        verified_bytes,
        bytes: upload.bytes,
    };
    let again = [(header::RETRY_AFTER, "0")];
    (StatusCode::ACCEPTED, again, Json(so_far)).into_response()
}

/// Ends an upload of something else than was announced, and removes it.
async fn refuse(app: &App, client: &mut Client, upload: &uploads::Upload) -> Result<(), Problem> {
    let tx = client.transaction().await.map_err(store::Error::from)?;
    let ended = uploads::end(&tx, upload.id).await?;
    tx.commit().await.map_err(store::Error::from)?;
    if ended
        && let Err(error) = app
            .objects
            .delete(std::slice::from_ref(&upload.object_key))
            .await
    {
        warn!(%error, "a refused upload stays behind, the clean-up will remove it");
    }
    Ok(())
}

fn file(upload: uploads::Upload) -> NewFile {
    NewFile {
        id: upload.id,
        kind: upload.kind,
        name: upload.name,
        object_key: upload.object_key,
        content_type: upload.content_type,
        bytes: upload.bytes,
        sha256: upload.sha256,
        unpacked: None,
    }
}
