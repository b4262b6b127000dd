//! `POST /beds/{id}/upload`

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use leito_http::{
    Actor, Answer, App, Change, Code, Content, FieldError, MAX_DIRECT_UPLOAD_BYTES, Path, Problem,
    Query,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use store::access::Role;
use store::bed_files::{self, NewFile};
use store::{Transaction, audits, beds, object_tombstones};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::files::{File, rules};

/// The kind of a file of which nothing else was said.
pub const DEFAULT_KIND: &str = "upload";

/// What the file is.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// The name it is downloaded under: 1 to 200 letters, never a path. Its extension says the media type.
    #[param(example = "inlet.csv")]
    name: String,
    /// What it is: a word of a-z, 0-9 and `_`; `upload` when left out.
    kind: Option<String>,
    /// SHA-256 of the content, hexadecimal; checked when given.
    sha256: Option<String>,
}

/// Add a small file to a bed.
///
/// The body is the file itself, at most 4 MiB (4194304 bytes): larger ones come in parts (`POST /beds/{id}/uploads`). The
/// media type is that of the name; a `Content-Type` that says another one is refused, and so is a content that does not
/// begin as its type does.
#[utoipa::path(
    post, path = "/beds/{id}/upload", tag = "beds",
    params(("id" = Uuid, Path, description = "The bed"), About),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 201, description = "The file", body = File),
        (status = 400, description = "The name, kind or hash is none (`invalid_query`)"),
        (status = 413, description = "More than 4 MiB (`too_large`) or than `UPLOAD_MAX_SIZE` (`file_too_large`)"),
        (status = 422, description = "Another hash or type than announced (`content_mismatch`)"),
    ),
)]
pub async fn upload_file(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Path(id): Path<Uuid>,
    Query(about): Query<About>,
    asked: HeaderMap,
    Content(content): Content,
) -> Result<Response, Problem> {
    let may_write = actor.as_at_least(Role::Editor);
    let mut client = app.store.client().await?;
    beds::get_for(&client, may_write, id).await?;
    let file = about.file(&app, &asked, &content)?;
    let key = std::slice::from_ref(&file.object_key);
    object_tombstones::bury(&client, key).await?;
    app.objects
        .put_bytes_as(&file.object_key, &file.content_type, content.into())
        .await?;
    let tx = change.begin(&mut client).await?;
    let bed = beds::lock_for(&tx, may_write, id).await?;
    let stored = record(&app, &tx, &actor, &bed, file).await?;
    let answer = Answer::created(&format!("/beds/{id}/files/{}", stored.id), &stored)?;
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}

impl About {
    /// The row to be, or why there cannot be one.
    fn file(self, app: &App, asked: &HeaderMap, content: &[u8]) -> Result<NewFile, Problem> {
        let bad_query = |problem| Problem::new(Code::InvalidQuery, problem);
        let kind = self.kind.unwrap_or_else(|| DEFAULT_KIND.to_owned());
        rules::check_name(&self.name).map_err(bad_query)?;
        rules::check_kind(&kind).map_err(bad_query)?;
        if let Some(sha256) = &self.sha256 {
            rules::check_sha256(sha256).map_err(bad_query)?;
        }
        check_size(app, content.len() as u64)?;
        let said = asked.get(header::CONTENT_TYPE);
        let said = said.and_then(|value| value.to_str().ok());
        let content_type = rules::content_type(&self.name, said).map_err(mismatch)?;
        rules::check_content(content_type, content).map_err(mismatch)?;
        let sha256 = hex::encode(Sha256::digest(content));
        if let Some(announced) = self.sha256.filter(|announced| *announced != sha256) {
            return Err(mismatch(format!(
                "the content has SHA-256 {sha256}, not {announced}"
            )));
        }
        let id = app.ids.next();
        Ok(NewFile {
            id,
            kind,
            name: self.name,
            object_key: object_key(id),
            content_type: content_type.to_owned(),
            bytes: i64::try_from(content.len()).unwrap_or(i64::MAX),
            sha256,
            unpacked: None,
        })
    }
}

/// Uploads lie beside the artefacts, each under its own id: what people call a file is nothing to the object store.
pub fn object_key(id: Uuid) -> String {
    format!("uploads/{id}")
}

/// Refuses what is larger than this installation takes.
pub fn check_size(app: &App, bytes: u64) -> Result<(), Problem> {
    let most = app.uploads.max_bytes;
    if bytes <= most {
        return Ok(());
    }
    let detail = format!("a file may have {most} bytes, this one has {bytes}");
    Err(Problem::new(Code::FileTooLarge, detail)
        .with_errors([FieldError::new("/bytes", "too many")]))
}

/// The content is not what was announced.
pub fn mismatch(problem: String) -> Problem {
    Problem::new(Code::ContentMismatch, problem)
}

/// Writes the file's row and the record of who added it.
pub async fn record(
    app: &App,
    tx: &Transaction<'_>,
    actor: &Actor,
    bed: &beds::Bed,
    file: NewFile,
) -> Result<File, Problem> {
    let audit = audits::NewAudit {
        target_id: Some(file.id),
        project_id: Some(bed.project_id),
        meta: serde_json::json!({
            "bed_id": bed.id, "name": file.name, "kind": file.kind, "bytes": file.bytes, "sha256": file.sha256,
        }),
        ..actor.audit(app, "file", "created")
    };
    bed_files::insert(tx, bed.id, None, std::slice::from_ref(&file)).await?;
    audits::insert(tx, &audit).await?;
    Ok(bed_files::get(tx, bed.id, file.id).await?.into())
}

const _: () = assert!(
    MAX_DIRECT_UPLOAD_BYTES == 4 * 1024 * 1024,
    "the documentation says 4 MiB"
);
