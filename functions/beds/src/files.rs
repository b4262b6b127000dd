//! `GET /beds/{id}/files`

pub mod download;

use axum::Json;
use axum::extract::State;
use leito_http::{Actor, App, Path, Problem, Query};
use serde::{Deserialize, Serialize};
use store::access::Role;
use store::{bed_files, beds};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Files that one answer holds when the caller does not say.
const PAGE: u16 = 100;
/// And at most.
const MAX_PAGE: u16 = 500;

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Files in the answer, at most 500; 100 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
    /// The `next` of the answer before.
    after: Option<Uuid>,
}

/// A page of a bed's files.
#[derive(Debug, Serialize, ToSchema)]
pub struct Files {
    /// In the order in which they were recorded.
    pub files: Vec<File>,
    /// Ask for the following page with this as `after`; none at the end.
    pub next: Option<Uuid>,
}

/// One file.
#[derive(Debug, Serialize, ToSchema)]
pub struct File {
    /// Its id.
    pub id: Uuid,
    /// The simulation it belongs to; none for a file of the packing.
    pub simulation_id: Option<Uuid>,
    /// What it is.
    #[schema(example = "particles")]
    pub kind: String,
    /// The name it is downloaded under.
    pub name: String,
    /// Media type.
    pub content_type: String,
    /// Size.
    pub bytes: i64,
    /// SHA-256 of the content, hexadecimal.
    pub sha256: String,
    /// Where to download it.
    pub href: String,
    /// When it was recorded.
    pub created_at: jiff::Timestamp,
}

/// The files that a bed's jobs left.
#[utoipa::path(
    get, path = "/beds/{id}/files", tag = "beds", params(("id" = Uuid, Path, description = "The bed"), Page),
    responses((status = 200, description = "A page of files", body = Files)),
)]
pub async fn list_files(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Query(page): Query<Page>,
) -> Result<Json<Files>, Problem> {
    let limit = page.limit.unwrap_or(PAGE).clamp(1, MAX_PAGE);
    let client = app.store.client().await?;
    beds::get_for(&client, actor.as_at_least(Role::Viewer), id).await?;
    let mut stored = bed_files::list(&client, id, page.after, i64::from(limit) + 1).await?;
    let more = stored.len() > usize::from(limit);
    stored.truncate(usize::from(limit));
    let next = stored.last().filter(|_| more).map(|file| file.id);
    Ok(Json(Files {
        files: stored.into_iter().map(File::from).collect(),
        next,
    }))
}

impl From<bed_files::File> for File {
    fn from(stored: bed_files::File) -> Self {
        Self {
            href: format!(
                "{}/beds/{}/files/{}",
                leito_http::BASE_PATH,
                stored.bed_id,
                stored.id
            ),
            id: stored.id,
            simulation_id: stored.simulation_id,
            kind: stored.kind,
            name: stored.name,
            content_type: stored.content_type,
            bytes: stored.bytes,
            sha256: stored.sha256,
            created_at: stored.created_at,
        }
    }
}
