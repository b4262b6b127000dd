//! `GET /submissions`

use axum::extract::State;
use jiff::Timestamp;
use leito_http::{Actor, App, Json, Page, Problem, Query};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::submissions::{self, Search};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::view::SubmissionHead;
use crate::wanted;

/// Which submissions.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Of this kind.
    kind: Option<String>,
    /// Of this version of it.
    version: Option<i32>,
    /// queued, running, done or error.
    status: Option<String>,
    /// Asked for by this account.
    actor: Option<Uuid>,
    /// Of this project.
    project_id: Option<Uuid>,
    /// Made then or later.
    from: Option<Timestamp>,
    /// Made before.
    to: Option<Timestamp>,
    /// JSON that the payload or the result contains, such as `{"simulations":[{"bed":"demo"}]}`.
    contains: Option<String>,
    /// Words in payload, result or error, as in a search engine: `"two words"`, `or`, `-not`.
    text: Option<String>,
    /// Submissions in the answer; 100 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
    /// Leave out so many first.
    #[param(minimum = 0, maximum = 10_000)]
    offset: Option<u32>,
    /// The `next` of the answer before.
    before: Option<Uuid>,
}

/// A page of submissions.
#[derive(Debug, Serialize, ToSchema)]
pub struct Submissions {
    /// Newest first, without payloads and results.
    submissions: Vec<SubmissionHead>,
    /// Ask for the following page with this as `before`; none at the end.
    next: Option<Uuid>,
}

/// Submissions of the caller's projects, newest first.
///
/// All filters must hold. A cursor (`before`) stays fast at any depth.
#[utoipa::path(
    get, path = "/submissions", tag = "submissions", params(Wanted),
    responses(
        (status = 200, description = "A page of submissions", body = Submissions),
        (status = 400, description = "A filter makes no sense (`invalid_query`)"),
    ),
)]
pub async fn list_submissions(
    State(app): State<App>,
    actor: Actor,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Submissions>, Problem> {
    let page = Page::new(wanted.limit, wanted.offset)?;
    let search = wanted.search(page)?;
    let client = app.store.client().await?;
    let mut found = submissions::search(&client, actor.user_id, &search).await?;
    let next = page.cut(&mut found, |last| last.id);
    Ok(Json(Submissions {
        next,
        submissions: found
            .into_iter()
            .map(|stored| SubmissionHead::new(stored, actor.user_id))
            .collect(),
    }))
}

impl Wanted {
    fn search(self, page: Page) -> Result<Search, Problem> {
        wanted::check_times([self.from, self.to])?;
        wanted::check_texts([&self.kind, &self.status, &self.text].map(Option::as_ref))?;
        let (limit, offset) = page.rows();
        Ok(Search {
            kind: self.kind,
            version: self.version,
            status: self.status,
            author: self.actor,
            project_id: self.project_id,
            from: self.from,
            to: self.to,
            contains: self.contains.as_deref().map(json).transpose()?,
            text: self.text,
            before: self.before,
            limit,
            offset,
        })
    }
}

/// A JSON object to look for.
fn json(text: &str) -> Result<Value, Problem> {
    let value: Value = serde_json::from_str(text)
        .map_err(|error| wanted::refused(format!("`contains` is not JSON: {error}")))?;
    if !value.is_object() {
        return Err(wanted::refused("`contains` is a JSON object"));
    }
    // Written as an escape or not, it ends up in the value.
    if value.to_string().contains("\\u0000") {
        return Err(wanted::refused(
            "`contains` cannot hold the character U+0000",
        ));
    }
    Ok(value)
}
