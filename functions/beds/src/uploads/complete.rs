//! `POST /beds/{id}/uploads/{upload_id}/complete`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{Actor, Answer, App, Change, Code, MaybeJson, Path, Problem};
use objects::Digested;
use serde::Deserialize;
use store::access::Role;
use store::bed_files::{self, NewFile};
use store::{Client, beds, uploads};
use tracing::warn;
use utoipa::ToSchema;
use uuid::Uuid;

use super::view::Cut;
use crate::files::{File, rules};
use crate::upload::{mismatch, record};

/// Nothing can be said about it: the upload says it all.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompleteUpload {}

/// Make a file of the parts that were sent.
///
/// Refused while parts are missing; the upload then stays open. The whole content is read again: if its size, SHA-256 or
/// type is not what was announced, the upload is over and nothing of it stays. Completing what is complete gives the file.
#[utoipa::path(
    post, path = "/beds/{id}/uploads/{upload_id}/complete", tag = "beds",
    params(("id" = Uuid, Path, description = "The bed"), ("upload_id" = Uuid, Path, description = "The upload")),
    request_body = Option<CompleteUpload>,
    responses(
        (status = 201, description = "The file", body = File),
        (status = 200, description = "It was completed before", body = File),
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
    join(&app, &upload).await?;
    let found = app.objects.digest(&upload.object_key).await?;
    let mut client = app.store.client().await?;
    if let Err(problem) = verified(&upload, &found) {
        refuse(&app, &mut client, &upload).await?;
        return Err(problem);
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

/// Makes one object of the parts, unless an earlier attempt did.
async fn join(app: &App, upload: &uploads::Upload) -> Result<(), Problem> {
    let (key, id) = (&upload.object_key, &upload.multipart_id);
    let Some(received) = app.objects.list_parts(key, id).await? else {
        return match app.objects.head(key).await? {
            Some(_) => Ok(()),
            None => Err(Problem::not_found("upload", upload.id)),
        };
    };
    let cut = Cut::of(upload);
    let missing: Vec<String> = cut
        .missing(&received, 1)
        .map(|number| number.to_string())
        .collect();
    let surplus = received.iter().any(|part| part.number > cut.parts());
    if !missing.is_empty() || surplus {
        const SHOWN: usize = 20;
        let some = missing
            .iter()
            .take(SHOWN)
            .map(String::as_str)
            .collect::<Vec<_>>();
        let detail = match missing.len() {
            0 => format!("the file has {} parts, and more were sent", cut.parts()),
            number => format!(
                "{number} of {} parts are missing or cut: {}",
                cut.parts(),
                some.join(", ")
            ),
        };
        return Err(Problem::new(Code::UploadIncomplete, detail));
    }
    Ok(app.objects.join_parts(key, id, &received).await?)
}

/// Compares what arrived with what was announced.
fn verified(upload: &uploads::Upload, found: &Digested) -> Result<(), Problem> {
    let over = |what: String| mismatch(format!("{what}; the upload is over, begin another"));
    let announced = Cut::of(upload).bytes;
    if found.bytes != announced {
        return Err(over(format!(
            "the file has {} bytes, not {announced}",
            found.bytes
        )));
    }
    if found.sha256 != upload.sha256 {
        let (is, should) = (&found.sha256, &upload.sha256);
        return Err(over(format!("the file has SHA-256 {is}, not {should}")));
    }
    rules::check_content(&upload.content_type, &found.beginning).map_err(over)
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
    }
}
