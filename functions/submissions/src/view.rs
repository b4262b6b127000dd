//! A submission as callers see it.

use leito_http::{Actor, App, Problem};
use serde::Serialize;
use serde_json::Value;
use store::access::{Access, Role};
use store::audits::NewAudit;
use store::submissions::{self, Submission as Stored};
use store::{GenericClient, Transaction};
use utoipa::ToSchema;
use uuid::Uuid;

/// A submission without its payload and its result.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubmissionHead {
    /// Its id.
    pub id: Uuid,
    /// Its kind.
    #[schema(example = "packed-bed-study")]
    pub kind: String,
    /// Of which version.
    pub version: i32,
    /// The project it belongs to.
    pub project_id: Uuid,
    /// Who asked.
    pub actor: SubmissionActor,
    /// queued, running, done or error.
    pub status: String,
    /// Why the first of its jobs failed that did; none unless the status is `error`.
    #[schema(value_type = Option<Object>)]
    pub error: Option<Value>,
    /// When it was made.
    pub created_at: jiff::Timestamp,
    /// When the last of its jobs ended.
    pub finished_at: Option<jiff::Timestamp>,
}

/// Who asked, as they were then.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubmissionActor {
    /// The account, while it exists.
    pub user_id: Option<Uuid>,
    /// The person's name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Eleven digits; shown to the person, to owners of the project and to administrators.
    pub cpf: Option<String>,
}

/// A submission.
#[derive(Debug, Serialize, ToSchema)]
pub struct Submission {
    #[serde(flatten)]
    head: SubmissionHead,
    /// What was asked.
    #[schema(value_type = Object)]
    payload: Value,
    /// What came of it, once all of its jobs have ended: simulations with their numbers, and files. Also of a submission
    /// with an error, as far as it came.
    #[schema(value_type = Option<Object>)]
    result: Option<Value>,
    /// The simulations behind it. Look at one at `/simulations/{id}`.
    simulations: Vec<Uuid>,
    /// The jobs made for it. Watch one at `/jobs/{id}`.
    jobs: Vec<Uuid>,
}

impl SubmissionHead {
    /// The stored submission, for this caller.
    pub fn new(stored: Stored, caller: Uuid) -> Self {
        let is_own = stored.author.user_id == Some(caller);
        Self {
            id: stored.id,
            kind: stored.kind,
            version: stored.version,
            project_id: stored.project_id,
            actor: SubmissionActor {
                user_id: stored.author.user_id,
                name: stored.author.name,
                email: stored.author.email,
                cpf: stored
                    .author
                    .cpf
                    .filter(|_| is_own || stored.role == Role::Owner),
            },
            status: stored.status,
            error: stored.error,
            created_at: stored.created_at,
            finished_at: stored.finished_at,
        }
    }
}

impl Submission {
    /// The submission with all that is behind it, for a caller who may see it.
    pub async fn load(client: &impl GenericClient, by: Access, id: Uuid) -> Result<Self, Problem> {
        let mut stored = submissions::get_for(client, by, id).await?;
        let (payload, result) = (stored.payload.take(), stored.result.take());
        Ok(Self {
            payload: payload.unwrap_or_default(),
            result: result.map(with_addresses),
            simulations: submissions::simulations(client, id).await?,
            jobs: submissions::jobs(client, id).await?,
            head: SubmissionHead::new(stored, by.user_id),
        })
    }
}

/// Where each file is to be had, which depends on where the API is and is therefore not stored.
fn with_addresses(mut result: Value) -> Value {
    for file in result["files"].as_array_mut().into_iter().flatten() {
        if let (Some(bed), Some(id)) = (file["bed_id"].as_str(), file["id"].as_str()) {
            file["href"] = format!("{}/beds/{bed}/files/{id}", leito_http::BASE_PATH).into();
        }
    }
    result
}

/// Records what somebody did to a submission.
pub async fn record(
    tx: &Transaction<'_>,
    app: &App,
    actor: &Actor,
    action: &'static str,
    (id, project_id): (Uuid, Uuid),
    meta: Value,
) -> Result<(), Problem> {
    let audit = NewAudit {
        target_id: Some(id),
        project_id: Some(project_id),
        submission_id: Some(id),
        meta,
        ..actor.audit(app, "submission", action)
    };
    Ok(store::audits::insert(tx, &audit).await?)
}
