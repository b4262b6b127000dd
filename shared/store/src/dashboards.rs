//! Dashboards: which charts a project looks at.

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::access::Access;
use crate::{Error, Transaction, sql};

/// What is said of a dashboard.
#[derive(Debug, Clone, PartialEq)]
pub struct Content {
    /// Unique in its project.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// Its charts, a JSON array that the caller has checked.
    pub panels: serde_json::Value,
}

/// A stored dashboard.
#[derive(Debug, Clone, PartialEq)]
pub struct Dashboard {
    /// Its id.
    pub id: Uuid,
    /// The project it belongs to.
    pub project_id: Uuid,
    /// What is said of it.
    pub content: Content,
    /// Grows with every change: the `ETag`.
    pub version: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

const INSERT: &str = "
    INSERT INTO dashboards (id, project_id, name, description, panels, created_by) VALUES ($1, $2, $3, $4, $5, $6)
    RETURNING id, project_id, name, description, panels, version, created_at, updated_at";

/// Stores a dashboard.
pub async fn insert(
    tx: &Transaction<'_>,
    id: Uuid,
    project_id: Uuid,
    created_by: Uuid,
    new: &Content,
) -> Result<Dashboard, Error> {
    let row = sql::one(
        tx,
        INSERT,
        &[
            &id,
            &project_id,
            &new.name,
            &new.description,
            &new.panels,
            &created_by,
        ],
    )
    .await?;
    from_row(&row)
}

const GET_FOR: &str = "
    SELECT id, project_id, name, description, panels, version, created_at, updated_at,
        project_role($2, project_id) AS access
    FROM dashboards WHERE id = $1 AND project_role($2, project_id) IS NOT NULL";

/// The dashboard, for somebody who may; a stranger's is [`Error::NotFound`].
pub async fn get_for(
    client: &impl GenericClient,
    by: Access,
    id: Uuid,
) -> Result<Dashboard, Error> {
    let row = sql::row(client, GET_FOR, &[&id, &by.user_id]).await?;
    let row = row.ok_or_else(|| Error::not_found("dashboard", id))?;
    by.check(&row, "dashboard", id)?;
    from_row(&row)
}

const LOCK_FOR: &str = "
    SELECT id, project_id, name, description, panels, version, created_at, updated_at,
        project_role($2, project_id) AS access
    FROM dashboards WHERE id = $1 AND project_role($2, project_id) IS NOT NULL FOR UPDATE";

/// The same, which nobody else changes until the transaction ends.
pub async fn lock_for(tx: &Transaction<'_>, by: Access, id: Uuid) -> Result<Dashboard, Error> {
    let row = sql::row(tx, LOCK_FOR, &[&id, &by.user_id]).await?;
    let row = row.ok_or_else(|| Error::not_found("dashboard", id))?;
    by.check(&row, "dashboard", id)?;
    from_row(&row)
}

const LIST: &str = "
    SELECT id, project_id, name, description, panels, version, created_at, updated_at FROM dashboards
    WHERE project_id IN (SELECT project_id FROM project_members WHERE user_id = $1)
        AND ($2::uuid IS NULL OR project_id = $2) AND ($3::uuid IS NULL OR id < $3)
    ORDER BY id DESC LIMIT $4 OFFSET $5";

const LIST_ALL: &str = "
    SELECT id, project_id, name, description, panels, version, created_at, updated_at FROM dashboards
    WHERE ($1::uuid IS NULL OR project_id = $1) AND ($2::uuid IS NULL OR id < $2)
    ORDER BY id DESC LIMIT $3 OFFSET $4";

const IS_ADMIN: &str = "SELECT EXISTS (SELECT FROM users WHERE id = $1 AND role = 'admin') AS yes";

/// Which dashboards.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Those of this project alone.
    pub project_id: Option<Uuid>,
    /// Those made before this one.
    pub before: Option<Uuid>,
    /// At most so many.
    pub limit: i64,
    /// Leaving out the first so many.
    pub offset: i64,
}

/// A page of the dashboards that somebody may see, newest first.
pub async fn list(
    client: &impl GenericClient,
    user_id: Uuid,
    wanted: Wanted,
) -> Result<Vec<Dashboard>, Error> {
    let Wanted {
        project_id,
        before,
        limit,
        offset,
    } = wanted;
    let is_admin: bool = sql::one(client, IS_ADMIN, &[&user_id])
        .await?
        .try_get("yes")?;
    let rows = if is_admin {
        sql::rows(client, LIST_ALL, &[&project_id, &before, &limit, &offset]).await?
    } else {
        let parameters: sql::Parameters<'_> = &[&user_id, &project_id, &before, &limit, &offset];
        sql::rows(client, LIST, parameters).await?
    };
    rows.iter().map(from_row).collect()
}

const UPDATE: &str = "
    UPDATE dashboards SET name = $2, description = $3, panels = $4, version = version + 1, updated_at = now()
    WHERE id = $1
    RETURNING id, project_id, name, description, panels, version, created_at, updated_at";

/// Changes a dashboard that the transaction has locked.
pub async fn update(tx: &Transaction<'_>, id: Uuid, to: &Content) -> Result<Dashboard, Error> {
    let parameters: sql::Parameters<'_> = &[&id, &to.name, &to.description, &to.panels];
    from_row(&sql::one(tx, UPDATE, parameters).await?)
}

const DELETE: &str = "DELETE FROM dashboards WHERE id = $1";

/// Removes a dashboard that the transaction has locked.
pub async fn delete(tx: &Transaction<'_>, id: Uuid) -> Result<(), Error> {
    sql::execute(tx, DELETE, &[&id]).await?;
    Ok(())
}

pub(crate) const STATEMENTS: &[&str] = &[
    INSERT, GET_FOR, LOCK_FOR, LIST, LIST_ALL, IS_ADMIN, UPDATE, DELETE,
];

fn from_row(row: &Row) -> Result<Dashboard, Error> {
    Ok(Dashboard {
        id: row.try_get("id")?,
        project_id: row.try_get("project_id")?,
        content: Content {
            name: row.try_get("name")?,
            description: row.try_get("description")?,
            panels: row.try_get("panels")?,
        },
        version: row.try_get("version")?,
        created_at: row.try_get("created_at")?,
        updated_at: row.try_get("updated_at")?,
    })
}
