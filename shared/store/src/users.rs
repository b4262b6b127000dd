//! Users: people with an account.

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{Error, Transaction, sql};

/// An account to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUser {
    /// Made by the caller, `UUIDv7`.
    pub id: Uuid,
    /// The person's name.
    pub name: String,
    /// In lower case; nobody else's.
    pub email: String,
    /// Eleven digits; nobody else's.
    pub cpf: Option<String>,
    /// argon2id, PHC format; none for an account that only keys open.
    pub password_hash: Option<String>,
    /// Sees and does everything.
    pub is_admin: bool,
}

/// A stored account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: Uuid,
    /// The person's name.
    pub name: String,
    /// In lower case.
    pub email: String,
    /// Eleven digits.
    pub cpf: Option<String>,
    /// argon2id, PHC format.
    pub password_hash: Option<String>,
    /// Sees and does everything.
    pub is_admin: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

const INSERT: &str = "
    INSERT INTO users (id, name, email, cpf, password_hash, role)
    VALUES ($1, $2, $3, $4, $5, CASE WHEN $6 THEN 'admin' ELSE 'member' END)
    RETURNING id, name, email, cpf, password_hash, role = 'admin' AS is_admin, created_at, updated_at";

/// Stores an account; an e-mail address or CPF that is taken is a conflict with `users_email` or `users_cpf`.
pub async fn insert(tx: &Transaction<'_>, user: &NewUser) -> Result<User, Error> {
    let row = sql::one(
        tx,
        INSERT,
        &[
            &user.id,
            &user.name,
            &user.email,
            &user.cpf,
            &user.password_hash,
            &user.is_admin,
        ],
    )
    .await?;
    from_row(&row)
}

const FIND: &str = "
    SELECT id, name, email, cpf, password_hash, role = 'admin' AS is_admin, created_at, updated_at
    FROM users WHERE id = $1";

/// The account, if there is one.
pub async fn find(client: &impl GenericClient, id: Uuid) -> Result<Option<User>, Error> {
    sql::row(client, FIND, &[&id])
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// The account, or [`Error::NotFound`].
pub async fn get(client: &impl GenericClient, id: Uuid) -> Result<User, Error> {
    find(client, id)
        .await?
        .ok_or_else(|| Error::not_found("user", id))
}

const FIND_BY_EMAIL: &str = "
    SELECT id, name, email, cpf, password_hash, role = 'admin' AS is_admin, created_at, updated_at
    FROM users WHERE email = lower($1)";

/// The account with this e-mail address, if there is one.
pub async fn find_by_email(
    client: &impl GenericClient,
    email: &str,
) -> Result<Option<User>, Error> {
    sql::row(client, FIND_BY_EMAIL, &[&email])
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

pub(crate) const STATEMENTS: &[&str] = &[INSERT, FIND, FIND_BY_EMAIL];

fn from_row(row: &Row) -> Result<User, Error> {
    Ok(User {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        email: row.try_get("email")?,
        cpf: row.try_get("cpf")?,
        password_hash: row.try_get("password_hash")?,
        is_admin: row.try_get("is_admin")?,
        created_at: row.try_get("created_at")?,
        updated_at: row.try_get("updated_at")?,
    })
}
