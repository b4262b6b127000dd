//! Usage events: what was used, written once and summed up later by `usage`. Jobs and files write theirs by triggers.

use deadpool_postgres::GenericClient;
use uuid::Uuid;

use crate::{Error, sql};

/// What callers of [`insert`] count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Downloads begun, a redirect to the object store included; the amount is a count.
    Downloads,
    /// The sizes of the files downloaded.
    BytesDownloaded,
    /// Answered requests of a known caller; the amount is a count.
    Requests,
}

impl Kind {
    /// The word in the database and in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Downloads => "downloads",
            Self::BytesDownloaded => "bytes_downloaded",
            Self::Requests => "requests",
        }
    }
}

/// Something that was used just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewUsage {
    /// Who used it; none for nobody known, such as who opens a share link.
    pub user_id: Option<Uuid>,
    /// In which project; none for what belongs to no project.
    pub project_id: Option<Uuid>,
    /// What.
    pub kind: Kind,
    /// How much, in the kind's unit; not negative.
    pub amount: i64,
}

const INSERT: &str = "
    INSERT INTO usage_events (user_id, project_id, kind, amount)
    SELECT * FROM UNNEST($1::uuid[], $2::uuid[], $3::text[], $4::bigint[])";

/// Writes what was used, best in the transaction of the use if it has one.
pub async fn insert(client: &impl GenericClient, used: &[NewUsage]) -> Result<(), Error> {
    let users: Vec<Option<Uuid>> = used.iter().map(|one| one.user_id).collect();
    let projects: Vec<Option<Uuid>> = used.iter().map(|one| one.project_id).collect();
    let kinds: Vec<&str> = used.iter().map(|one| one.kind.as_str()).collect();
    let amounts: Vec<i64> = used.iter().map(|one| one.amount).collect();
    sql::execute(client, INSERT, &[&users, &projects, &kinds, &amounts]).await?;
    Ok(())
}

pub(crate) const STATEMENTS: &[&str] = &[INSERT];
