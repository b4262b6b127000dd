//! `GET /beds/{id}/files`

pub mod delete;
pub mod download;
pub mod rules;
pub mod zip;

use axum::extract::State;
use leito_http::paging::{MAX_OFFSET, MAX_PAGE, PAGE};
use leito_http::{Actor, App, Code, Json, Path, Problem, Query};
use serde::{Deserialize, Serialize};
use store::access::Role;
use store::{bed_files, beds};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Files in the answer, at most 500; 100 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
    /// The `next` of the answer before: the way through long lists.
    after: Option<Uuid>,
    /// Files to skip, at most 10000.
    #[serde(default)]
    #[param(maximum = 10000)]
    offset: u32,
    /// Only files of this kind.
    #[param(example = "table")]
    kind: Option<String>,
    /// Only files of this simulation.
    simulation_id: Option<Uuid>,
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
    /// What it unpacks to (`gunzip`): of text that an engine wrote, which is stored compressed. None for any other file.
    pub unpacked: Option<Unpacked>,
    /// Where to download it.
    pub href: String,
    /// When it was recorded.
    pub created_at: jiff::Timestamp,
}

/// What a compressed file unpacks to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UnpackedFile)]
pub struct Unpacked {
    /// The name that it then has.
    #[schema(example = "particles.csv")]
    pub name: String,
    /// Size.
    pub bytes: i64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

/// The files of a bed: those that its jobs left, and those that people added.
#[utoipa::path(
    get, path = "/beds/{id}/files", tag = "beds", params(("id" = Uuid, Path, description = "The bed"), Wanted),
    responses((status = 200, description = "A page of files", body = Files)),
)]
pub async fn list_files(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Files>, Problem> {
    let limit = wanted.limit.unwrap_or(PAGE);
    let page = wanted.page(limit)?;
    let client = app.store.client().await?;
    beds::get_for(&client, actor.as_at_least(Role::Viewer), id).await?;
    let mut stored = bed_files::search(&client, id, wanted.filter(), page).await?;
    let more = stored.len() > usize::from(limit);
    stored.truncate(usize::from(limit));
    let next = stored.last().filter(|_| more).map(|file| file.id);
    Ok(Json(Files {
        files: stored.into_iter().map(File::from).collect(),
        next,
    }))
}

impl Wanted {
    fn filter(&self) -> bed_files::Filter<'_> {
        bed_files::Filter {
            kind: self.kind.as_deref(),
            simulation_id: self.simulation_id,
        }
    }

    /// One more than the answer holds, to know whether there are more.
    fn page(&self, limit: u16) -> Result<bed_files::Page, Problem> {
        let refused = |detail| Err(Problem::new(Code::InvalidQuery, detail));
        if !(1..=MAX_PAGE).contains(&limit) {
            return refused(format!("`limit` is 1 to {MAX_PAGE}, not {limit}"));
        }
        if self.offset > MAX_OFFSET {
            return refused(format!(
                "`offset` is at most {MAX_OFFSET}; go on with `after`"
            ));
        }
        if let Some(Err(problem)) = self.kind.as_deref().map(rules::check_kind) {
            return refused(problem);
        }
        Ok(bed_files::Page {
            after: self.after,
            offset: i64::from(self.offset),
            limit: i64::from(limit) + 1,
        })
    }
}

impl From<bed_files::File> for File {
    fn from(stored: bed_files::File) -> Self {
        let name = stored.content_name().to_owned();
        let unpacked = stored.unpacked.map(|content| Unpacked {
            name,
            bytes: content.bytes,
            sha256: content.sha256,
        });
        Self {
            unpacked,
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
