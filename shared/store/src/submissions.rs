//! Submissions: work asked for as a whole, what it was asked with, and what came of it. The status follows the jobs
//! behind a submission (see [`settle`]), so nothing else here writes it.

mod search;
mod settle;

use jiff::Timestamp;
use serde_json::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::access::{Access, Role};
use crate::{Error, GenericClient, Transaction, sql};

pub use search::{Search, search};
pub(crate) use settle::settle;

/// A submission to be stored. Who asks is written down as they are at this moment.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSubmission {
    /// Made by the caller, `UUIDv7`.
    pub id: Uuid,
    /// A registered kind.
    pub kind: &'static str,
    /// Of which version.
    pub version: i32,
    /// The project it belongs to.
    pub project_id: Uuid,
    /// Who asks.
    pub user_id: Uuid,
    /// What was asked, a JSON object that the registry accepted.
    pub payload: Value,
}

/// Who asked, as they were then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// The account, while it exists.
    pub user_id: Option<Uuid>,
    /// The person's name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Eleven digits.
    pub cpf: Option<String>,
}

/// A stored submission.
#[derive(Debug, Clone, PartialEq)]
pub struct Submission {
    /// Its id.
    pub id: Uuid,
    /// A registered kind.
    pub kind: String,
    /// Of which version.
    pub version: i32,
    /// The project it belongs to.
    pub project_id: Uuid,
    /// Who asked.
    pub author: Author,
    /// What was asked; none in a list.
    pub payload: Option<Value>,
    /// queued, running, done or error.
    pub status: String,
    /// What came of it, once all its jobs have ended; none in a list.
    pub result: Option<Value>,
    /// The failure of the first of its jobs that failed or was cancelled.
    pub error: Option<Value>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the last of its jobs ended.
    pub finished_at: Option<Timestamp>,
    /// What the caller is in its project.
    pub role: Role,
}

/// The columns [`from_row`] reads, but for the role; a list goes without the two large ones.
macro_rules! columns {
    () => {
        "s.id, s.kind, s.version, s.project_id, s.user_id, s.actor_name, s.actor_email, s.actor_cpf, s.status, \
         s.error, s.created_at, s.finished_at"
    };
}
use columns;

const INSERT: &str = "
    INSERT INTO submissions (id, kind, version, project_id, user_id, actor_name, actor_email, actor_cpf, payload)
    SELECT $1, $2, $3, $4, u.id, u.name, u.email, u.cpf, $6 FROM users u WHERE u.id = $5";

/// Stores a submission behind which there is nothing yet.
pub async fn insert(tx: &Transaction<'_>, new: &NewSubmission) -> Result<(), Error> {
    let stored = sql::execute(
        tx,
        INSERT,
        &[
            &new.id,
            &new.kind,
            &new.version,
            &new.project_id,
            &new.user_id,
            &new.payload,
        ],
    )
    .await?;
    match stored {
        1 => Ok(()),
        _ => Err(Error::not_found("user", new.user_id)),
    }
}

const LINK_SIMULATIONS: &str = "
    INSERT INTO submission_simulations (submission_id, position, simulation_id)
    SELECT $1, place - 1, id FROM UNNEST($2::uuid[]) WITH ORDINALITY AS listed (id, place)";

const LINK_JOBS: &str = "
    INSERT INTO submission_jobs (submission_id, job_id) SELECT $1, * FROM UNNEST($2::uuid[])";

/// Says what is behind the submission: the simulations that its result speaks of, and the jobs that were made for it. One
/// without jobs is done.
pub async fn link(
    tx: &Transaction<'_>,
    id: Uuid,
    simulations: &[Uuid],
    jobs: &[Uuid],
) -> Result<(), Error> {
    sql::execute(tx, LINK_SIMULATIONS, &[&id, &simulations]).await?;
    sql::execute(tx, LINK_JOBS, &[&id, &jobs]).await?;
    if jobs.is_empty() {
        settle::finish(tx, &[id]).await?;
    }
    Ok(())
}

const GET_FOR: &str = concat!(
    "SELECT ",
    columns!(),
    ", s.payload, s.result, project_role($2, s.project_id) AS access FROM submissions s
     WHERE s.id = $1 AND project_role($2, s.project_id) IS NOT NULL"
);

/// The submission, for somebody who may; a stranger's submission is [`Error::NotFound`].
pub async fn get_for(
    client: &impl GenericClient,
    by: Access,
    id: Uuid,
) -> Result<Submission, Error> {
    let row = sql::row(client, GET_FOR, &[&id, &by.user_id]).await?;
    let row = row.ok_or_else(|| Error::not_found("submission", id))?;
    by.check(&row, "submission", id)?;
    from_row(&row)
}

const JOBS: &str = "SELECT job_id FROM submission_jobs WHERE submission_id = $1 ORDER BY job_id";

/// The jobs made for a submission, oldest first.
pub async fn jobs(client: &impl GenericClient, id: Uuid) -> Result<Vec<Uuid>, Error> {
    ids(client, JOBS, "job_id", id).await
}

const SIMULATIONS: &str = "
    SELECT simulation_id FROM submission_simulations WHERE submission_id = $1 ORDER BY position";

/// The simulations that a submission speaks of, in its order.
pub async fn simulations(client: &impl GenericClient, id: Uuid) -> Result<Vec<Uuid>, Error> {
    ids(client, SIMULATIONS, "simulation_id", id).await
}

/// The locks come first and in the order of the ids, as wherever several jobs are changed at once.
const CANCELLABLE: &str = "
    WITH locked AS (
        SELECT j.id, j.kind, j.status FROM submission_jobs l JOIN jobs j ON j.id = l.job_id
        WHERE l.submission_id = $1 AND j.status IN ('queued', 'running') ORDER BY j.id FOR NO KEY UPDATE OF j)
    SELECT locked.id FROM locked
    WHERE NOT EXISTS (
        SELECT FROM jobs later WHERE later.after_job_id = locked.id AND later.status IN ('queued', 'running')
            AND NOT EXISTS (
                SELECT FROM submission_jobs l WHERE l.submission_id = $1 AND l.job_id = later.id))
    ORDER BY locked.id DESC";

/// The jobs of a submission that cancelling it may stop, those that come after others first: all that have not ended,
/// except for a packing that somebody else's flow waits for.
pub async fn cancellable(tx: &Transaction<'_>, id: Uuid) -> Result<Vec<Uuid>, Error> {
    ids(tx, CANCELLABLE, "id", id).await
}

const ENDED_BADLY: &str = "
    WITH behind AS (
        SELECT j.id, j.after_job_id FROM submission_jobs l JOIN jobs j ON j.id = l.job_id
        WHERE l.submission_id = $1 AND j.status IN ('failed', 'cancelled'))
    SELECT id FROM jobs
    WHERE id IN (SELECT id FROM behind UNION SELECT after_job_id FROM behind) AND status IN ('failed', 'cancelled')
    ORDER BY after_job_id IS NOT NULL, id FOR NO KEY UPDATE";

/// The jobs of a submission that failed or were cancelled, and those they come after: these first.
pub async fn ended_badly(tx: &Transaction<'_>, id: Uuid) -> Result<Vec<Uuid>, Error> {
    ids(tx, ENDED_BADLY, "id", id).await
}

const DELETE: &str = "DELETE FROM submissions WHERE id = $1 AND status IN ('done', 'error')";

/// Deletes a submission that has ended; what came of it stays. False when it has not.
pub async fn delete(tx: &Transaction<'_>, id: Uuid) -> Result<bool, Error> {
    Ok(sql::execute(tx, DELETE, &[&id]).await? == 1)
}

async fn ids(
    client: &impl GenericClient,
    statement: &'static str,
    column: &str,
    id: Uuid,
) -> Result<Vec<Uuid>, Error> {
    let rows = sql::rows(client, statement, &[&id]).await?;
    rows.iter().map(|row| Ok(row.try_get(column)?)).collect()
}

pub(crate) const STATEMENTS: &[&str] = &[
    INSERT,
    LINK_SIMULATIONS,
    LINK_JOBS,
    GET_FOR,
    JOBS,
    SIMULATIONS,
    CANCELLABLE,
    ENDED_BADLY,
    DELETE,
    search::SEARCH,
    search::SEARCH_INSIDE,
    settle::LOCK,
    settle::FINISH,
];

/// Reads a row; columns that a list leaves out are none.
fn from_row(row: &Row) -> Result<Submission, Error> {
    Ok(Submission {
        id: row.try_get("id")?,
        kind: row.try_get("kind")?,
        version: row.try_get("version")?,
        project_id: row.try_get("project_id")?,
        author: Author {
            user_id: row.try_get("user_id")?,
            name: row.try_get("actor_name")?,
            email: row.try_get("actor_email")?,
            cpf: row.try_get("actor_cpf")?,
        },
        payload: listed(row, "payload")?,
        status: row.try_get("status")?,
        result: listed(row, "result")?,
        error: row.try_get("error")?,
        created_at: row.try_get("created_at")?,
        finished_at: row.try_get("finished_at")?,
        role: sql::word(row, "access")?,
    })
}

fn listed(row: &Row, column: &str) -> Result<Option<Value>, Error> {
    if row.columns().iter().any(|it| it.name() == column) {
        Ok(row.try_get(column)?)
    } else {
        Ok(None)
    }
}
