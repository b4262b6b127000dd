//! Project members: who is in a project, and as what. A project has an owner at all times: whoever changes members has
//! locked the project (`projects::lock_for`), so that two owners cannot both leave at once.

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::access::Role;
use crate::{Error, Transaction, sql};

/// Somebody in a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The account.
    pub user_id: Uuid,
    /// The person's name.
    pub name: String,
    /// In lower case.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Since when they are in it.
    pub created_at: Timestamp,
}

const LIST: &str = "
    SELECT m.user_id, u.name, u.email, m.role, m.created_at
    FROM project_members m JOIN users u ON u.id = m.user_id
    WHERE m.project_id = $1 AND m.user_id > $2 ORDER BY m.user_id LIMIT $3 OFFSET $4";

/// A page of a project's members, in the order of their accounts: those after the id.
pub async fn list(
    client: &impl GenericClient,
    project_id: Uuid,
    after: Option<Uuid>,
    (limit, offset): (i64, i64),
) -> Result<Vec<Member>, Error> {
    let after = after.unwrap_or(Uuid::nil());
    sql::rows(client, LIST, &[&project_id, &after, &limit, &offset])
        .await?
        .iter()
        .map(from_row)
        .collect()
}

const FIND: &str = "
    SELECT m.user_id, u.name, u.email, m.role, m.created_at
    FROM project_members m JOIN users u ON u.id = m.user_id WHERE m.project_id = $1 AND m.user_id = $2";

/// The member, or [`Error::NotFound`].
pub async fn get(
    client: &impl GenericClient,
    project_id: Uuid,
    user_id: Uuid,
) -> Result<Member, Error> {
    let row = sql::row(client, FIND, &[&project_id, &user_id]).await?;
    from_row(&row.ok_or_else(|| Error::not_found("member", user_id))?)
}

const INSERT: &str = "INSERT INTO project_members (project_id, user_id, role) VALUES ($1, $2, $3)";

/// Takes somebody in; who is in it is a conflict with `project_members_pkey`.
pub async fn insert(
    tx: &Transaction<'_>,
    project_id: Uuid,
    user_id: Uuid,
    role: Role,
) -> Result<(), Error> {
    sql::execute(tx, INSERT, &[&project_id, &user_id, &role.as_str()]).await?;
    Ok(())
}

const OTHER_OWNER: &str = "
    SELECT FROM project_members WHERE project_id = $1 AND user_id <> $2 AND role = 'owner' LIMIT 1";

async fn keep_an_owner(tx: &Transaction<'_>, project_id: Uuid, left: &Member) -> Result<(), Error> {
    if left.role == Role::Owner
        && sql::row(tx, OTHER_OWNER, &[&project_id, &left.user_id])
            .await?
            .is_none()
    {
        return Err(Error::LastOne("owner of the project"));
    }
    Ok(())
}

const SET_ROLE: &str =
    "UPDATE project_members SET role = $3 WHERE project_id = $1 AND user_id = $2";

/// Gives a member another role; the last owner stays one: [`Error::LastOne`].
pub async fn set_role(
    tx: &Transaction<'_>,
    project_id: Uuid,
    user_id: Uuid,
    role: Role,
) -> Result<Member, Error> {
    let member = get(tx, project_id, user_id).await?;
    if role != Role::Owner {
        keep_an_owner(tx, project_id, &member).await?;
    }
    sql::execute(tx, SET_ROLE, &[&project_id, &user_id, &role.as_str()]).await?;
    Ok(Member { role, ..member })
}

const DELETE: &str = "DELETE FROM project_members WHERE project_id = $1 AND user_id = $2";

/// Takes a member out; the last owner stays: [`Error::LastOne`].
pub async fn delete(
    tx: &Transaction<'_>,
    project_id: Uuid,
    user_id: Uuid,
) -> Result<Member, Error> {
    let member = get(tx, project_id, user_id).await?;
    keep_an_owner(tx, project_id, &member).await?;
    sql::execute(tx, DELETE, &[&project_id, &user_id]).await?;
    Ok(member)
}

const LOCK_OWNED: &str = "
    SELECT p.id FROM projects p JOIN project_members m ON m.project_id = p.id
    WHERE m.user_id = $1 AND m.role = 'owner' ORDER BY p.id FOR NO KEY UPDATE OF p";

const OWNED_ALONE: &str = "
    SELECT p.name FROM project_members m JOIN projects p ON p.id = m.project_id
    WHERE m.user_id = $1 AND m.role = 'owner' AND NOT EXISTS (
        SELECT FROM project_members o WHERE o.project_id = p.id AND o.user_id <> $1 AND o.role = 'owner')
    ORDER BY p.id LIMIT $2";

/// The names of projects, at most `limit`, that nobody would own without this account. Its projects stay locked.
pub async fn owned_alone(
    tx: &Transaction<'_>,
    user_id: Uuid,
    limit: i64,
) -> Result<Vec<String>, Error> {
    sql::rows(tx, LOCK_OWNED, &[&user_id]).await?;
    let rows = sql::rows(tx, OWNED_ALONE, &[&user_id, &limit]).await?;
    rows.iter().map(|row| Ok(row.try_get("name")?)).collect()
}

pub(crate) const STATEMENTS: &[&str] = &[
    LIST,
    FIND,
    INSERT,
    OTHER_OWNER,
    SET_ROLE,
    DELETE,
    LOCK_OWNED,
    OWNED_ALONE,
];

fn from_row(row: &Row) -> Result<Member, Error> {
    Ok(Member {
        user_id: row.try_get("user_id")?,
        name: row.try_get("name")?,
        email: row.try_get("email")?,
        role: sql::word(row, "role")?,
        created_at: row.try_get("created_at")?,
    })
}
