//! Share links: what somebody without an account may fetch. Only hashes of tokens are kept; whether a link is good, and
//! whether a download is left, is decided by the statement that reads or counts.

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::access::Access;
use crate::{Error, Transaction, sql};

/// What a link leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shared {
    /// One file.
    File(Uuid),
    /// All files of a simulation, and its numbers.
    Simulation(Uuid),
}

impl Shared {
    fn columns(self) -> (Option<Uuid>, Option<Uuid>) {
        match self {
            Self::File(id) => (Some(id), None),
            Self::Simulation(id) => (None, Some(id)),
        }
    }

    fn read(row: &Row) -> Result<Self, Error> {
        let file: Option<Uuid> = row.try_get("file_id")?;
        let simulation: Option<Uuid> = row.try_get("simulation_id")?;
        file.map(Self::File)
            .or(simulation.map(Self::Simulation))
            .ok_or_else(|| Error::Unreadable("a share link leads nowhere".to_owned()))
    }
}

/// A link to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewLink {
    /// Made by the caller, `UUIDv7`.
    pub id: Uuid,
    /// SHA-256 of the token.
    pub token_hash: [u8; 32],
    /// The project of what it leads to.
    pub project_id: Uuid,
    /// Who shares it.
    pub user_id: Uuid,
    /// What it leads to.
    pub shared: Shared,
    /// argon2id in PHC form, when a password is asked for.
    pub password_hash: Option<String>,
    /// Downloads it is good for; none: any number.
    pub max_downloads: Option<i32>,
    /// When it is made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A stored link, for who made it.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// Its id.
    pub id: Uuid,
    /// The project of what it leads to.
    pub project_id: Uuid,
    /// What it leads to.
    pub shared: Shared,
    /// The file's or the bed's name.
    pub name: String,
    /// Whether a password is asked for.
    pub has_password: bool,
    /// Downloads it is good for; none: any number.
    pub max_downloads: Option<i32>,
    /// Downloads so far.
    pub downloads: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// The newest download.
    pub last_downloaded_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

const PROJECT_OF_FILE: &str = "
    SELECT b.project_id, project_role($2, b.project_id) AS access FROM bed_files f JOIN beds b ON b.id = f.bed_id
    WHERE f.id = $1 AND project_role($2, b.project_id) IS NOT NULL";

const PROJECT_OF_SIMULATION: &str = "
    SELECT b.project_id, project_role($2, b.project_id) AS access FROM simulations s JOIN beds b ON b.id = s.bed_id
    WHERE s.id = $1 AND project_role($2, b.project_id) IS NOT NULL";

/// The project of what is to be shared, for somebody who may; a stranger's is [`Error::NotFound`].
pub async fn project_of(
    client: &impl GenericClient,
    by: Access,
    shared: Shared,
) -> Result<Uuid, Error> {
    let (statement, what, id) = match shared {
        Shared::File(id) => (PROJECT_OF_FILE, "file", id),
        Shared::Simulation(id) => (PROJECT_OF_SIMULATION, "simulation", id),
    };
    let row = sql::row(client, statement, &[&id, &by.user_id]).await?;
    let row = row.ok_or_else(|| Error::not_found(what, id))?;
    by.check(&row, what, id)?;
    Ok(row.try_get("project_id")?)
}

const INSERT: &str = "
    INSERT INTO fileshare_items (id, token_hash, project_id, user_id, file_id, simulation_id, password_hash,
        max_downloads, created_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

/// Stores a link.
pub async fn insert(tx: &Transaction<'_>, link: &NewLink) -> Result<(), Error> {
    let (file_id, simulation_id) = link.shared.columns();
    sql::execute(
        tx,
        INSERT,
        &[
            &link.id,
            &link.token_hash.as_slice(),
            &link.project_id,
            &link.user_id,
            &file_id,
            &simulation_id,
            &link.password_hash,
            &link.max_downloads,
            &link.created_at,
            &link.expires_at,
        ],
    )
    .await?;
    Ok(())
}

macro_rules! links {
    ($where:literal) => {
        concat!(
            "SELECT i.id, i.project_id, i.file_id, i.simulation_id, coalesce(f.name, b.name) AS name,
                i.password_hash IS NOT NULL AS has_password, i.max_downloads, i.downloads, i.created_at, i.expires_at,
                i.last_downloaded_at, i.deleted_at
             FROM fileshare_items i
             LEFT JOIN bed_files f ON f.id = i.file_id
             LEFT JOIN simulations s ON s.id = i.simulation_id
             LEFT JOIN beds b ON b.id = s.bed_id ",
            $where
        )
    };
}

const LIST: &str = links!(
    "WHERE i.user_id = $1 AND ($2::uuid IS NULL OR i.id < $2) ORDER BY i.id DESC LIMIT $3 OFFSET $4"
);

/// A page of somebody's links, newest first, before the given id.
pub async fn list(
    client: &impl GenericClient,
    user_id: Uuid,
    before: Option<Uuid>,
    limit: i64,
    offset: i64,
) -> Result<Vec<Link>, Error> {
    sql::rows(client, LIST, &[&user_id, &before, &limit, &offset])
        .await?
        .iter()
        .map(from_row)
        .collect()
}

const GET: &str =
    links!("WHERE i.id = $1 AND (i.user_id = $2 OR project_role($2, i.project_id) = 'owner')");

/// The link, for who made it or owns its project; for anybody else there is none.
pub async fn get(client: &impl GenericClient, user_id: Uuid, id: Uuid) -> Result<Link, Error> {
    let row = sql::row(client, GET, &[&id, &user_id]).await?;
    from_row(&row.ok_or_else(|| Error::not_found("share link", id))?)
}

const REVOKE: &str = "
    UPDATE fileshare_items SET deleted_at = $3
    WHERE id = $1 AND deleted_at IS NULL AND (user_id = $2 OR project_role($2, project_id) = 'owner')";

/// Ends the link, for who made it or owns its project; false when it was ended before.
pub async fn revoke(
    tx: &Transaction<'_>,
    user_id: Uuid,
    id: Uuid,
    now: Timestamp,
) -> Result<bool, Error> {
    Ok(sql::execute(tx, REVOKE, &[&id, &user_id, &now]).await? == 1)
}

/// A good link, for whoever shows its token.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// Its id.
    pub id: Uuid,
    /// The project of what it leads to.
    pub project_id: Uuid,
    /// What it leads to.
    pub shared: Shared,
    /// The bed of that.
    pub bed_id: Uuid,
    /// argon2id in PHC form, when a password is asked for.
    pub password_hash: Option<String>,
    /// Downloads that are left; none: any number.
    pub downloads_left: Option<i32>,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Who has left the project shares nothing of it any more.
const OPEN: &str = "
    SELECT i.id, i.project_id, i.file_id, i.simulation_id, coalesce(f.bed_id, s.bed_id) AS bed_id, i.password_hash,
        i.max_downloads - i.downloads AS downloads_left, i.expires_at
    FROM fileshare_items i
    LEFT JOIN bed_files f ON f.id = i.file_id
    LEFT JOIN simulations s ON s.id = i.simulation_id
    WHERE i.token_hash = $1 AND i.deleted_at IS NULL AND i.expires_at > $2
        AND (i.max_downloads IS NULL OR i.downloads < i.max_downloads)
        AND project_role(i.user_id, i.project_id) IN ('editor', 'owner')";

/// The link of this token, if there is one and it is good.
pub async fn open(
    client: &impl GenericClient,
    token_hash: &[u8; 32],
    now: Timestamp,
) -> Result<Option<Opened>, Error> {
    let row = sql::row(client, OPEN, &[&token_hash.as_slice(), &now]).await?;
    row.map(|row| {
        Ok(Opened {
            id: row.try_get("id")?,
            project_id: row.try_get("project_id")?,
            shared: Shared::read(&row)?,
            bed_id: row.try_get("bed_id")?,
            password_hash: row.try_get("password_hash")?,
            downloads_left: row.try_get("downloads_left")?,
            expires_at: row.try_get("expires_at")?,
        })
    })
    .transpose()
}

const COUNT: &str = "
    UPDATE fileshare_items SET downloads = downloads + 1, last_downloaded_at = $2
    WHERE id = $1 AND deleted_at IS NULL AND expires_at > $2 AND (max_downloads IS NULL OR downloads < max_downloads)";

/// Takes one download; false when none was left. Whoever comes at the same time waits for this transaction and then sees
/// what it left.
pub async fn count(tx: &Transaction<'_>, id: Uuid, now: Timestamp) -> Result<bool, Error> {
    Ok(sql::execute(tx, COUNT, &[&id, &now]).await? == 1)
}

pub(crate) const STATEMENTS: &[&str] = &[
    PROJECT_OF_FILE,
    PROJECT_OF_SIMULATION,
    INSERT,
    LIST,
    GET,
    REVOKE,
    OPEN,
    COUNT,
];

fn from_row(row: &Row) -> Result<Link, Error> {
    Ok(Link {
        id: row.try_get("id")?,
        project_id: row.try_get("project_id")?,
        shared: Shared::read(row)?,
        name: row.try_get("name")?,
        has_password: row.try_get("has_password")?,
        max_downloads: row.try_get("max_downloads")?,
        downloads: row.try_get("downloads")?,
        created_at: row.try_get("created_at")?,
        expires_at: row.try_get("expires_at")?,
        last_downloaded_at: row.try_get("last_downloaded_at")?,
        revoked_at: row.try_get("deleted_at")?,
    })
}
