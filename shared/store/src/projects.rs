//! Projects: who works together. Who is in them is in `project_members`.

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::access::{Access, Role};
use crate::{Error, Transaction, object_tombstones, sql, text};

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

/// The columns [`from_row`] reads, but for the caller's role.
macro_rules! columns {
    () => {
        "projects.id, projects.name, projects.description, projects.version, projects.created_at, projects.updated_at"
    };
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

const FIND: &str = concat!(
    "SELECT ",
    columns!(),
    ", project_role($2, id) AS access FROM projects WHERE id = $1 AND project_role($2, id) IS NOT NULL"
);

/// The project, for somebody who may; a stranger's project is [`Error::NotFound`].
pub async fn get(client: &impl GenericClient, by: Access, id: Uuid) -> Result<Project, Error> {
    let row = sql::row(client, FIND, &[&id, &by.user_id]).await?;
    let row = row.ok_or_else(|| Error::not_found("project", id))?;
    by.check(&row, "project", id)?;
    from_row(&row)
}

const LOCK: &str = "SELECT id FROM projects WHERE id = $1 FOR NO KEY UPDATE";

/// As [`get`]; others who change the project or who is in it wait until the transaction ends. What the caller may is
/// read after the lock is had: it may have changed while waiting.
pub async fn lock_for(tx: &Transaction<'_>, by: Access, id: Uuid) -> Result<Project, Error> {
    sql::row(tx, LOCK, &[&id]).await?;
    get(tx, by, id).await
}

const UPDATE: &str = concat!(
    "UPDATE projects SET name = $3, description = $4, version = version + 1, updated_at = now() WHERE id = $1 RETURNING ",
    columns!(),
    ", project_role($2, id) AS access"
);

/// Changes a project that the caller has locked.
pub async fn update(
    tx: &Transaction<'_>,
    by: Access,
    id: Uuid,
    (name, description): (&str, &str),
) -> Result<Project, Error> {
    let row = sql::row(tx, UPDATE, &[&id, &by.user_id, &name, &description]).await?;
    from_row(&row.ok_or_else(|| Error::not_found("project", id))?)
}

const DELETE: &str = "DELETE FROM projects WHERE id = $1";

/// Deletes a project that the caller has locked, and everything in it; the objects of its files are buried.
pub async fn delete(tx: &Transaction<'_>, id: Uuid) -> Result<(), Error> {
    object_tombstones::bury_files_of_project(tx, id).await?;
    sql::execute(tx, DELETE, &[&id]).await?;
    Ok(())
}

const LIST_OF: &str = concat!(
    "SELECT ",
    columns!(),
    ", project_role($1, projects.id) AS access
     FROM project_members JOIN projects ON projects.id = project_members.project_id
     WHERE project_members.user_id = $1 AND project_members.project_id < $2
     ORDER BY project_members.project_id DESC LIMIT $3 OFFSET $4"
);

const SEARCH_OF: &str = concat!(
    "SELECT ",
    columns!(),
    ", project_role($1, projects.id) AS access
     FROM project_members JOIN projects ON projects.id = project_members.project_id
     WHERE project_members.user_id = $1 AND project_members.project_id < $2
        AND search_words(projects.name || ' ' || projects.description) @@ to_tsquery('simple', $5)
     ORDER BY project_members.project_id DESC LIMIT $3 OFFSET $4"
);

const LIST_ALL: &str = concat!(
    "SELECT ",
    columns!(),
    ", project_role($1, id) AS access
     FROM projects WHERE id < $2 ORDER BY id DESC LIMIT $3 OFFSET $4"
);

const SEARCH_ALL: &str = concat!(
    "SELECT ",
    columns!(),
    ", project_role($1, id) AS access
     FROM projects WHERE id < $2 AND search_words(name || ' ' || description) @@ to_tsquery('simple', $5)
     ORDER BY id DESC LIMIT $3 OFFSET $4"
);

/// Which projects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter<'a> {
    /// Not only those that the caller is in: for administrators, which the caller sees to.
    pub all: bool,
    /// All these words, or beginnings of words, are in name and description.
    pub words: Option<&'a str>,
    /// Below this id.
    pub before: Option<Uuid>,
    /// At most so many.
    pub limit: i64,
    /// After so many that are left out.
    pub offset: i64,
}

/// A page of projects, newest first.
pub async fn list(
    client: &impl GenericClient,
    user_id: Uuid,
    filter: &Filter<'_>,
) -> Result<Vec<Project>, Error> {
    let before = filter.before.unwrap_or(Uuid::max());
    let (limit, offset) = (filter.limit, filter.offset);
    let rows = match filter.words.map(text::prefix_query) {
        Some(None) => Vec::new(),
        Some(Some(query)) => {
            let statement = if filter.all { SEARCH_ALL } else { SEARCH_OF };
            let given: sql::Parameters<'_> = &[&user_id, &before, &limit, &offset, &query];
            sql::rows(client, statement, given).await?
        }
        None => {
            let statement = if filter.all { LIST_ALL } else { LIST_OF };
            sql::rows(client, statement, &[&user_id, &before, &limit, &offset]).await?
        }
    };
    rows.iter().map(from_row).collect()
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

pub(crate) const STATEMENTS: &[&str] = &[
    INSERT, FIND, LOCK, UPDATE, DELETE, LIST_OF, SEARCH_OF, LIST_ALL, SEARCH_ALL, WRITABLE,
];

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
