//! Audits: who did what. Rows are only ever added, in the transaction of the change they record.

use uuid::Uuid;

use crate::{Error, Transaction, sql};

/// One thing that somebody did.
#[derive(Debug, Clone, PartialEq)]
pub struct NewAudit {
    /// Made by the caller, `UUIDv7`.
    pub id: Uuid,
    /// What it was done to: `bed`, `project`, `share_link` ….
    pub kind: &'static str,
    /// What was done: `created`, `updated`, `deleted`, `logged_in` ….
    pub action: &'static str,
    /// The thing it was done to.
    pub target_id: Option<Uuid>,
    /// The project that the thing belongs to.
    pub project_id: Option<Uuid>,
    /// The submission that asked for it.
    pub submission_id: Option<Uuid>,
    /// Who did it; none for the system itself.
    pub user_id: Option<Uuid>,
    /// The log-in or API key it was done with.
    pub session_id: Option<Uuid>,
    /// What else matters, a JSON object without secrets.
    pub meta: serde_json::Value,
}

const INSERT: &str = "
    INSERT INTO automation_audits (id, kind, action, target_id, project_id, submission_id, user_id, session_id, meta)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

/// Records it.
pub async fn insert(tx: &Transaction<'_>, audit: &NewAudit) -> Result<(), Error> {
    sql::execute(
        tx,
        INSERT,
        &[
            &audit.id,
            &audit.kind,
            &audit.action,
            &audit.target_id,
            &audit.project_id,
            &audit.submission_id,
            &audit.user_id,
            &audit.session_id,
            &audit.meta,
        ],
    )
    .await?;
    Ok(())
}

pub(crate) const STATEMENTS: &[&str] = &[INSERT];
