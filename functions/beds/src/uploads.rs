//! `POST /beds/{id}/uploads` and `GET /beds/{id}/uploads`

pub mod abort;
pub mod complete;
pub mod show;
mod verify;
mod view;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{Actor, Answer, App, Change, Code, FieldError, Json, Path, Problem};
use serde::{Deserialize, Serialize};
use store::access::Role;
use store::uploads::{self, NewUpload};
use store::{beds, object_tombstones};
use tracing::warn;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::files::rules;
use crate::upload::{DEFAULT_KIND, check_size, object_key};
pub use view::Upload;

/// How long an upload may take.
const LIVES: std::time::Duration = std::time::Duration::from_hours(24);
/// How many one person has open at most: what is sent and not completed is nobody's file, but it is stored.
const MOST_OPEN: i64 = 50;

/// A file that is about to be sent in parts.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartUpload {
    /// The name it is downloaded under: 1 to 200 letters, never a path. Its extension says the media type.
    #[schema(example = "fields.tar.gz")]
    name: String,
    /// What it is: a word of a-z, 0-9 and `_`; `upload` when left out.
    kind: Option<String>,
    /// Media type; refused when it is not that of the name.
    content_type: Option<String>,
    /// Size, at least 1.
    #[schema(minimum = 1)]
    bytes: u64,
    /// SHA-256 of the content, hexadecimal.
    sha256: String,
}

/// The caller's open uploads to a bed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Uploads {
    /// Oldest first.
    pub uploads: Vec<OpenUpload>,
}

/// An upload that is under way.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenUpload {
    /// Its id, and that of the file to come.
    pub id: Uuid,
    /// The name that the file will have.
    pub name: String,
    /// Size of the whole file.
    pub bytes: i64,
    /// When it is given up.
    pub expires_at: jiff::Timestamp,
    /// Where it goes on.
    pub href: String,
}

/// Begin to send a large file in parts.
///
/// Send each part with `PUT` to its address, in any order and several at once, without further headers; every part but
/// the last has `part_bytes`. Then complete the upload. Addresses live for an hour: `GET` the upload for new ones, and to
/// go on after a break. What is not completed within a day is removed.
#[utoipa::path(
    post, path = "/beds/{id}/uploads", tag = "beds", params(("id" = Uuid, Path, description = "The bed")),
    request_body = StartUpload,
    responses(
        (status = 201, description = "The upload, and where its first parts go", body = Upload),
        (status = 409, description = "Too many uploads are open (`conflict`)"),
        (status = 413, description = "More than `UPLOAD_MAX_SIZE` (`file_too_large`)"),
        (status = 422, description = "Another type than the name says (`content_mismatch`)"),
    ),
)]
pub async fn start_upload(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Path(id): Path<Uuid>,
    Json(start): Json<StartUpload>,
) -> Result<Response, Problem> {
    let may_write = actor.as_at_least(Role::Editor);
    let mut client = app.store.client().await?;
    beds::get_for(&client, may_write, id).await?;
    let mut new = start.checked(&app, &actor, id)?;
    if uploads::count_open(&client, actor.user_id).await? >= MOST_OPEN {
        let detail = format!("{MOST_OPEN} uploads of yours are open; complete or abort some");
        return Err(Problem::new(Code::Conflict, detail));
    }
    object_tombstones::bury(&client, std::slice::from_ref(&new.object_key)).await?;
    new.multipart_id = app
        .objects
        .begin_parts(&new.object_key, &new.content_type)
        .await?;
    let parts = (new.object_key.clone(), new.multipart_id.clone());
    let stored = async {
        let tx = change.begin(&mut client).await?;
        beds::lock_for(&tx, may_write, id).await?;
        let stored = uploads::insert(&tx, &new).await?;
        let shown = Upload::of(&app, &stored, &[], 1).await?;
        let answer = Answer::created(&format!("/beds/{id}/uploads/{}", stored.id), &shown)?;
        change.commit(tx, &answer).await?;
        Ok(answer.into_response())
    };
    let answered = stored.await;
    if answered.is_err()
        && let Err(error) = app.objects.drop_parts(&parts.0, &parts.1).await
    {
        warn!(%error, "parts that nobody will send stay open until the bucket's lifecycle rule ends them");
    }
    answered
}

/// The caller's open uploads to a bed.
#[utoipa::path(
    get, path = "/beds/{id}/uploads", tag = "beds", params(("id" = Uuid, Path, description = "The bed")),
    responses((status = 200, description = "Oldest first, at most 50", body = Uploads)),
)]
pub async fn list_uploads(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<Uploads>, Problem> {
    let client = app.store.client().await?;
    beds::get_for(&client, actor.as_at_least(Role::Editor), id).await?;
    let open = uploads::list_own(&client, id, actor.user_id, MOST_OPEN).await?;
    Ok(Json(Uploads {
        uploads: open.into_iter().map(OpenUpload::from).collect(),
    }))
}

impl StartUpload {
    /// The row to be, but for the object store's name; or everything that is wrong with it.
    fn checked(self, app: &App, actor: &Actor, bed_id: Uuid) -> Result<NewUpload, Problem> {
        let kind = self.kind.unwrap_or_else(|| DEFAULT_KIND.to_owned());
        let at_least_one = match self.bytes {
            0 => Err("send an empty file to /beds/{id}/upload".to_owned()),
            _ => Ok(()),
        };
        let wrong: Vec<_> = [
            ("/name", rules::check_name(&self.name)),
            ("/kind", rules::check_kind(&kind)),
            ("/bytes", at_least_one),
            ("/sha256", rules::check_sha256(&self.sha256)),
        ]
        .into_iter()
        .filter_map(|(pointer, checked)| Some(FieldError::new(pointer, checked.err()?)))
        .collect();
        if !wrong.is_empty() {
            let problem = Problem::new(
                Code::InvalidBody,
                "the file is not described as it should be",
            );
            return Err(problem.with_errors(wrong));
        }
        check_size(app, self.bytes)?;
        let content_type = rules::content_type(&self.name, self.content_type.as_deref())
            .map_err(crate::upload::mismatch)?;
        let id = app.ids.next();
        Ok(NewUpload {
            id,
            bed_id,
            user_id: actor.user_id,
            kind,
            name: self.name,
            object_key: object_key(id),
            multipart_id: String::new(),
            content_type: content_type.to_owned(),
            bytes: i64::try_from(self.bytes).map_err(Problem::internal)?,
            part_bytes: i64::try_from(app.uploads.chunk_bytes).map_err(Problem::internal)?,
            sha256: self.sha256,
            lives: LIVES,
        })
    }
}

impl From<uploads::Upload> for OpenUpload {
    fn from(stored: uploads::Upload) -> Self {
        Self {
            href: format!(
                "{}/beds/{}/uploads/{}",
                leito_http::BASE_PATH,
                stored.bed_id,
                stored.id
            ),
            id: stored.id,
            name: stored.name,
            bytes: stored.bytes,
            expires_at: stored.expires_at,
        }
    }
}
