//! What can go wrong with the database, in the kinds callers act on.

use tokio_postgres::error::SqlState;
use uuid::Uuid;

use crate::access::Role;

/// Any failure of this crate.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such row.
    #[error("no {what} {id}")]
    NotFound {
        /// What was looked for.
        what: &'static str,
        /// Its id.
        id: String,
    },
    /// The caller may see the row, but not do this to it. Nothing was written.
    #[error("only {} may do this to {what} {id}", at_least(*.needed))]
    Forbidden {
        /// What it was to be done to.
        what: &'static str,
        /// Its id.
        id: Uuid,
        /// The least role that may.
        needed: Role,
    },
    /// Only administrators may do this. Nothing was written.
    #[error("only administrators may do this")]
    AdministratorsOnly,
    /// There has to be one of these, and this is the last. Nothing was written.
    #[error("this is the last {0}, and there has to be one")]
    LastOne(&'static str),
    /// The lease token is no longer the job's: somebody else took over, or the job ended. Nothing was written.
    #[error("the lease on job {0} was lost")]
    LeaseLost(Uuid),
    /// The state machine does not allow it. Nothing was written.
    #[error("job {id}: {refused}")]
    Refused {
        /// The job.
        id: Uuid,
        /// The rule that said no.
        refused: job::Refused,
    },
    /// A row with that key exists, or one that is referred to does not.
    #[error("conflict with `{constraint}`")]
    Conflict {
        /// The constraint's name.
        constraint: String,
        /// What the database said.
        source: tokio_postgres::Error,
    },
    /// Every connection is in use and none came free in time.
    #[error("no database connection came free in time")]
    Busy,
    /// The database cannot be reached.
    #[error("the database cannot be reached")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A stored word or number is none of ours.
    #[error("unreadable row: {0}")]
    Unreadable(String),
    /// The settings make no sense.
    #[error("bad database settings: {0}")]
    Settings(String),
    /// A migration failed, or the database is newer than this program.
    #[error("migrations were not applied")]
    Migration(#[source] Box<refinery::Error>),
    /// Any other refusal of the database.
    #[error("the database refused")]
    Database(#[source] tokio_postgres::Error),
}

impl Error {
    pub(crate) fn not_found(what: &'static str, id: Uuid) -> Self {
        Self::NotFound {
            what,
            id: id.to_string(),
        }
    }

    /// Whether the same call may succeed a little later: connection, overload, deadlock, serialisation, restart.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Busy | Self::Unreachable(_) => true,
            Self::Database(error) => error.code().is_none_or(is_transient_code),
            _ => false,
        }
    }
}

fn at_least(needed: Role) -> &'static str {
    match needed {
        Role::Viewer => "members of the project",
        Role::Editor => "editors and owners of the project",
        Role::Owner => "owners of the project",
    }
}

/// The classes are those of appendix A of Postgres's manual; no code at all means the connection broke.
fn is_transient_code(code: &SqlState) -> bool {
    matches!(code.code().get(..2), Some("08" | "40" | "53" | "57"))
        || *code == SqlState::LOCK_NOT_AVAILABLE
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        if error.is_closed() {
            return Self::Unreachable(Box::new(error));
        }
        match error.as_db_error() {
            Some(db)
                if [SqlState::UNIQUE_VIOLATION, SqlState::FOREIGN_KEY_VIOLATION]
                    .contains(db.code()) =>
            {
                Self::Conflict {
                    constraint: db.constraint().unwrap_or("unknown").to_owned(),
                    source: error,
                }
            }
            _ => Self::Database(error),
        }
    }
}

impl From<deadpool_postgres::PoolError> for Error {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        use deadpool_postgres::{PoolError, TimeoutType};
        match error {
            PoolError::Timeout(TimeoutType::Wait) => Self::Busy,
            error => Self::Unreachable(Box::new(error)),
        }
    }
}
