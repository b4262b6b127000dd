//! Projects and who is in them.

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::access::{Access, Role};
use crate::{Error, Transaction, sql};

/// A project to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProject {
    /// Made by the caller, `UUIDv7`.
    pub id: Uuid,
    /// Given by its author.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// Who makes it, and owns it.
    pub created_by: Uuid,
}

/// A stored project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Its id.
    pub id: Uuid,
    /// Given by its author.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// Grows with every change: the `ETag`.
    pub version: i32,
    /// The caller's role in it.
    pub role: Role,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

const INSERT: &str = "
    WITH made AS (
        INSERT INTO projects (id, name, description, created_by) VALUES ($1, $2, $3, $4)
        RETURNING id, name, description, version, created_at, updated_at
    ), joined AS (
        INSERT INTO project_members (project_id, user_id, role) SELECT id, $4, 'owner' FROM made)
    SELECT id, name, description, version, 'owner' AS access, created_at, updated_at FROM made";

/// Stores a project that its author owns.
pub async fn insert(tx: &Transaction<'_>, project: &NewProject) -> Result<Project, Error> {
    let row = sql::one(
        tx,
        INSERT,
        &[
            &project.id,
            &project.name,
            &project.description,
            &project.created_by,
        ],
    )
    .await?;
    from_row(&row)
}

const FIND: &str = "
    SELECT id, name, description, version, project_role($2, id) AS access, created_at, updated_at
    FROM projects WHERE id = $1 AND project_role($2, id) IS NOT NULL";

/// The project, for somebody who may; a stranger's project is [`Error::NotFound`].
pub async fn get(client: &impl GenericClient, by: Access, id: Uuid) -> Result<Project, Error> {
    let row = sql::row(client, FIND, &[&id, &by.user_id]).await?;
    let row = row.ok_or_else(|| Error::not_found("project", id))?;
    by.check(&row, "project", id)?;
    from_row(&row)
}

const WRITABLE: &str = "
    SELECT project_id FROM project_members WHERE user_id = $1 AND role IN ('editor', 'owner') LIMIT 2";

/// The project that is meant when somebody names none: the only one they may change something in.
pub async fn only_writable(
    client: &impl GenericClient,
    user_id: Uuid,
) -> Result<Option<Uuid>, Error> {
    let rows = sql::rows(client, WRITABLE, &[&user_id]).await?;
    match rows.as_slice() {
        [only] => Ok(Some(only.try_get("project_id")?)),
        _ => Ok(None),
    }
}

pub(crate) const STATEMENTS: &[&str] = &[INSERT, FIND, WRITABLE];

fn from_row(row: &Row) -> Result<Project, Error> {
    Ok(Project {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        description: row.try_get("description")?,
        version: row.try_get("version")?,
        role: sql::word(row, "access")?,
        created_at: row.try_get("created_at")?,
        updated_at: row.try_get("updated_at")?,
    })
}
