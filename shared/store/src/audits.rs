//! Audits: who did what. Rows are only ever added, in the transaction of the change they record.

use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{Error, GenericClient, Transaction, sql};

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

/// A recorded audit.
#[derive(Debug, Clone, PartialEq)]
pub struct Audit {
    /// Its id.
    pub id: Uuid,
    /// When it was recorded.
    pub at: Timestamp,
    /// What it was done to.
    pub kind: String,
    /// What was done.
    pub action: String,
    /// The thing it was done to.
    pub target_id: Option<Uuid>,
    /// The project that the thing belonged to.
    pub project_id: Option<Uuid>,
    /// The submission that asked for it.
    pub submission_id: Option<Uuid>,
    /// Who did it; none for the system itself.
    pub user_id: Option<Uuid>,
    /// The log-in or API key it was done with.
    pub session_id: Option<Uuid>,
    /// What else matters.
    pub meta: serde_json::Value,
}

/// Which audits; whatever is none does not matter.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Search {
    /// Of this kind of thing.
    pub kind: Option<String>,
    /// Of this action.
    pub action: Option<String>,
    /// What this account did.
    pub user_id: Option<Uuid>,
    /// What was done in this project.
    pub project_id: Option<Uuid>,
    /// What was done to this thing.
    pub target_id: Option<Uuid>,
    /// What this submission asked for.
    pub submission_id: Option<Uuid>,
    /// What was done with this log-in or API key.
    pub session_id: Option<Uuid>,
    /// Recorded then or later.
    pub from: Option<Timestamp>,
    /// Recorded before.
    pub to: Option<Timestamp>,
    /// Older than this audit: the end of the page before.
    pub before: Option<Uuid>,
    /// At most so many.
    pub limit: i64,
    /// After leaving out so many; for a jump of a few pages, `before` stays fast.
    pub offset: i64,
}

macro_rules! matching {
    () => {
        " ($2::text IS NULL OR a.kind = $2) AND ($3::text IS NULL OR a.action = $3)
            AND ($4::uuid IS NULL OR a.user_id = $4) AND ($5::uuid IS NULL OR a.project_id = $5)
            AND ($6::uuid IS NULL OR a.target_id = $6) AND ($7::uuid IS NULL OR a.submission_id = $7)
            AND ($8::uuid IS NULL OR a.session_id = $8)
            AND ($9::timestamptz IS NULL OR a.at >= $9) AND ($10::timestamptz IS NULL OR a.at < $10)
            AND ($11::uuid IS NULL OR a.id >= $11) AND ($12::uuid IS NULL OR a.id < $12)
         ORDER BY a.id DESC LIMIT $13::bigint + $14"
    };
}

/// An administrator walks all audits, anybody else their own and those of each project they own. Each walk ends after a
/// page.
const SEARCH: &str = concat!(
    "SELECT id, at, kind, action, target_id, project_id, submission_id, user_id, session_id, meta FROM (
        (SELECT a.* FROM automation_audits a WHERE (SELECT role = 'admin' FROM users WHERE users.id = $1) AND",
    matching!(),
    ")
        UNION
        (SELECT a.* FROM automation_audits a
         WHERE (SELECT role <> 'admin' FROM users WHERE users.id = $1) AND a.user_id = $1 AND",
    matching!(),
    ")
        UNION
        (SELECT a.* FROM project_members m CROSS JOIN LATERAL (
            SELECT a.* FROM automation_audits a WHERE a.project_id = m.project_id AND",
    matching!(),
    ") a
         WHERE (SELECT role <> 'admin' FROM users WHERE users.id = $1) AND m.user_id = $1 AND m.role = 'owner')
     ) seen ORDER BY id DESC LIMIT $13 OFFSET $14"
);

/// A page of the audits that somebody may see, newest first.
pub async fn search(
    client: &impl GenericClient,
    user_id: Uuid,
    wanted: &Search,
) -> Result<Vec<Audit>, Error> {
    let (from_id, to_id) = sql::id_range(wanted.from, wanted.to, wanted.before);
    sql::search(
        client,
        SEARCH,
        &[
            &user_id,
            &wanted.kind,
            &wanted.action,
            &wanted.user_id,
            &wanted.project_id,
            &wanted.target_id,
            &wanted.submission_id,
            &wanted.session_id,
            &wanted.from,
            &wanted.to,
            &from_id,
            &to_id,
            &wanted.limit,
            &wanted.offset,
        ],
    )
    .await?
    .iter()
    .map(from_row)
    .collect()
}

pub(crate) const STATEMENTS: &[&str] = &[INSERT, SEARCH];

fn from_row(row: &Row) -> Result<Audit, Error> {
    Ok(Audit {
        id: row.try_get("id")?,
        at: row.try_get("at")?,
        kind: row.try_get("kind")?,
        action: row.try_get("action")?,
        target_id: row.try_get("target_id")?,
        project_id: row.try_get("project_id")?,
        submission_id: row.try_get("submission_id")?,
        user_id: row.try_get("user_id")?,
        session_id: row.try_get("session_id")?,
        meta: row.try_get("meta")?,
    })
}
