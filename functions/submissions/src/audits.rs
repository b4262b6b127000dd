//! `GET /audits`

use axum::extract::State;
use jiff::Timestamp;
use leito_http::{Actor, App, Json, Page, Problem, Query};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::audits::{self, Search};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::wanted;

/// Which audits.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct WantedAudits {
    /// Of this kind of thing: `bed`, `project`, `submission` ….
    kind: Option<String>,
    /// Of this action: `created`, `deleted`, `logged_in` ….
    action: Option<String>,
    /// What this account did.
    user_id: Option<Uuid>,
    /// What was done in this project.
    project_id: Option<Uuid>,
    /// What was done to this thing.
    target_id: Option<Uuid>,
    /// What this submission asked for.
    submission_id: Option<Uuid>,
    /// What was done with this log-in or API key.
    session_id: Option<Uuid>,
    /// Recorded then or later.
    from: Option<Timestamp>,
    /// Recorded before.
    to: Option<Timestamp>,
    /// Audits in the answer; 100 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
    /// Leave out so many first.
    #[param(minimum = 0, maximum = 10_000)]
    offset: Option<u32>,
    /// The `next` of the answer before.
    before: Option<Uuid>,
}

/// A page of audits.
#[derive(Debug, Serialize, ToSchema)]
pub struct Audits {
    /// Newest first.
    audits: Vec<Audit>,
    /// Ask for the following page with this as `before`; none at the end.
    next: Option<Uuid>,
}

/// Something that somebody did.
#[derive(Debug, Serialize, ToSchema)]
pub struct Audit {
    /// Its id.
    id: Uuid,
    /// When it was recorded, in the transaction of the change itself.
    at: Timestamp,
    /// What it was done to.
    #[schema(example = "bed")]
    kind: String,
    /// What was done.
    #[schema(example = "created")]
    action: String,
    /// The thing it was done to.
    target_id: Option<Uuid>,
    /// The project that the thing belonged to.
    project_id: Option<Uuid>,
    /// The submission that asked for it.
    submission_id: Option<Uuid>,
    /// Who did it; none for the system itself.
    user_id: Option<Uuid>,
    /// The log-in or API key it was done with.
    session_id: Option<Uuid>,
    /// What else matters.
    #[schema(value_type = Object)]
    meta: Value,
}

/// Who did what, newest first.
///
/// Everybody sees what they did themselves, owners of a project what was done in it, administrators everything. Audits are
/// never changed and never deleted.
#[utoipa::path(
    get, path = "/audits", tag = "audits", params(WantedAudits),
    responses(
        (status = 200, description = "A page of audits", body = Audits),
        (status = 400, description = "A filter makes no sense (`invalid_query`)"),
    ),
)]
pub async fn list_audits(
    State(app): State<App>,
    actor: Actor,
    Query(wanted): Query<WantedAudits>,
) -> Result<Json<Audits>, Problem> {
    let page = Page::new(wanted.limit, wanted.offset)?;
    wanted::check_times([wanted.from, wanted.to])?;
    wanted::check_texts([wanted.kind.as_ref(), wanted.action.as_ref()])?;
    let search = wanted.search(page);
    let client = app.store.client().await?;
    let mut found = audits::search(&client, actor.user_id, &search).await?;
    let next = page.cut(&mut found, |last| last.id);
    Ok(Json(Audits {
        next,
        audits: found.into_iter().map(Audit::from).collect(),
    }))
}

impl WantedAudits {
    fn search(self, page: Page) -> Search {
        let (limit, offset) = page.rows();
        Search {
            kind: self.kind,
            action: self.action,
            user_id: self.user_id,
            project_id: self.project_id,
            target_id: self.target_id,
            submission_id: self.submission_id,
            session_id: self.session_id,
            from: self.from,
            to: self.to,
            before: self.before,
            limit,
            offset,
        }
    }
}

impl From<audits::Audit> for Audit {
    fn from(stored: audits::Audit) -> Self {
        Self {
            id: stored.id,
            at: stored.at,
            kind: stored.kind,
            action: stored.action,
            target_id: stored.target_id,
            project_id: stored.project_id,
            submission_id: stored.submission_id,
            user_id: stored.user_id,
            session_id: stored.session_id,
            meta: stored.meta,
        }
    }
}
