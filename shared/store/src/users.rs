//! Users: people with an account.

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{Error, Transaction, sql, text};

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

/// The columns [`from_row`] reads.
macro_rules! columns {
    () => {
        "id, name, email, cpf, password_hash, role = 'admin' AS is_admin, created_at, updated_at"
    };
}

const INSERT: &str = concat!(
    "INSERT INTO users (id, name, email, cpf, password_hash, role)
     VALUES ($1, $2, $3, $4, $5, CASE WHEN $6 THEN 'admin' ELSE 'member' END) RETURNING ",
    columns!()
);

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

const FIND: &str = concat!("SELECT ", columns!(), " FROM users WHERE id = $1");

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

const FIND_BY_EMAIL: &str = concat!("SELECT ", columns!(), " FROM users WHERE email = lower($1)");

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

const LOCK: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM users WHERE id = $1 FOR NO KEY UPDATE"
);

/// As [`get`]; others who change the account or its log-ins wait until the transaction ends.
pub async fn lock(tx: &Transaction<'_>, id: Uuid) -> Result<User, Error> {
    found(sql::row(tx, LOCK, &[&id]).await?, id)
}

const UPDATE: &str = concat!(
    "UPDATE users SET name = $2, cpf = $3, updated_at = now() WHERE id = $1 RETURNING ",
    columns!()
);

/// Changes what a person says of themselves; a CPF that is taken is a conflict with `users_cpf`.
pub async fn update(
    tx: &Transaction<'_>,
    id: Uuid,
    name: &str,
    cpf: Option<&str>,
) -> Result<User, Error> {
    found(sql::row(tx, UPDATE, &[&id, &name, &cpf]).await?, id)
}

const SET_PASSWORD: &str = concat!(
    "UPDATE users SET password_hash = $2, updated_at = now() WHERE id = $1 RETURNING ",
    columns!()
);

/// Changes the password to one with this hash.
pub async fn set_password(tx: &Transaction<'_>, id: Uuid, hash: &str) -> Result<User, Error> {
    found(sql::row(tx, SET_PASSWORD, &[&id, &hash]).await?, id)
}

const LOCK_ADMINS: &str = "SELECT id FROM users WHERE role = 'admin' ORDER BY id FOR NO KEY UPDATE";

const SET_ROLE: &str = concat!(
    "UPDATE users SET role = CASE WHEN $2 THEN 'admin' ELSE 'member' END, updated_at = now() WHERE id = $1 RETURNING ",
    columns!()
);

/// Makes somebody an administrator, or no longer one. The last one stays: [`Error::LastOne`].
pub async fn set_role(tx: &Transaction<'_>, id: Uuid, is_admin: bool) -> Result<User, Error> {
    let admins = sql::rows(tx, LOCK_ADMINS, &[]).await?;
    if let [only] = admins.as_slice()
        && !is_admin
        && only.try_get::<_, Uuid>("id")? == id
    {
        return Err(Error::LastOne("administrator"));
    }
    found(sql::row(tx, SET_ROLE, &[&id, &is_admin]).await?, id)
}

const LOCK_WHOLLY: &str = "SELECT id FROM users WHERE id = $1 FOR UPDATE";

/// Keeps everybody from changing or referring to an account that is about to be deleted. Administrators are locked
/// before anybody else, here as in [`set_role`], so that nobody waits in a circle. The last one stays:
/// [`Error::LastOne`].
pub async fn lock_to_delete(tx: &Transaction<'_>, id: Uuid) -> Result<(), Error> {
    set_role(tx, id, false).await?;
    sql::row(tx, LOCK_WHOLLY, &[&id]).await?;
    Ok(())
}

const DELETE: &str = "DELETE FROM users WHERE id = $1";

/// Ends an account that is locked to be deleted, with its log-ins and keys, and its part in projects. What it made in
/// them stays.
pub async fn delete(tx: &Transaction<'_>, id: Uuid) -> Result<(), Error> {
    sql::execute(tx, DELETE, &[&id]).await?;
    Ok(())
}

const LIST: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM users WHERE id < $1 ORDER BY id DESC LIMIT $2 OFFSET $3"
);

const SEARCH: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM users WHERE id < $1 AND search_words(name || ' ' || email) @@ to_tsquery('simple', $4)
     ORDER BY id DESC LIMIT $2 OFFSET $3"
);

/// A page of accounts, newest first: those below the id, or of those the ones with all these words (or beginnings of
/// words) in name and address.
pub async fn list(
    client: &impl GenericClient,
    before: Option<Uuid>,
    (limit, offset): (i64, i64),
    words: Option<&str>,
) -> Result<Vec<User>, Error> {
    let before = before.unwrap_or(Uuid::max());
    let rows = match words.map(text::prefix_query) {
        None => sql::rows(client, LIST, &[&before, &limit, &offset]).await?,
        Some(Some(query)) => sql::rows(client, SEARCH, &[&before, &limit, &offset, &query]).await?,
        Some(None) => Vec::new(),
    };
    rows.iter().map(from_row).collect()
}

pub(crate) const STATEMENTS: &[&str] = &[
    INSERT,
    FIND,
    FIND_BY_EMAIL,
    LOCK,
    LOCK_WHOLLY,
    UPDATE,
    SET_PASSWORD,
    LOCK_ADMINS,
    SET_ROLE,
    DELETE,
    LIST,
    SEARCH,
];

fn found(row: Option<Row>, id: Uuid) -> Result<User, Error> {
    let row = row.ok_or_else(|| Error::not_found("user", id))?;
    from_row(&row)
}

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
