//! Who may do what. A statement that reads a row for somebody also reads that person's role in the row's project (SQL
//! function `project_role`): no role, no row; a lesser role than needed, a refusal.

use std::fmt;
use std::str::FromStr;

use tokio_postgres::Row;
use uuid::Uuid;

use crate::{Error, GenericClient, sql};

/// What somebody may do in a project; each role may do what the ones before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Looks.
    Viewer,
    /// Makes, changes and deletes what is in the project.
    Editor,
    /// Decides who is in the project, and ends it.
    Owner,
}

impl Role {
    /// The word in the database and in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Owner => "owner",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        [Self::Viewer, Self::Editor, Self::Owner]
            .into_iter()
            .find(|role| role.as_str() == word)
            .ok_or_else(|| Error::Unreadable(format!("`{word}` is no role")))
    }
}

const IS_ADMINISTRATOR: &str = "SELECT FROM users WHERE id = $1 AND role = 'admin'";

/// Refuses who is no administrator: [`Error::AdministratorsOnly`].
pub async fn administrator(client: &impl GenericClient, user_id: Uuid) -> Result<(), Error> {
    match sql::row(client, IS_ADMINISTRATOR, &[&user_id]).await? {
        Some(_) => Ok(()),
        None => Err(Error::AdministratorsOnly),
    }
}

pub(crate) const STATEMENTS: &[&str] = &[IS_ADMINISTRATOR];

/// Somebody, and the least role that what they want to do needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access {
    /// Who asks.
    pub user_id: Uuid,
    /// What they must be.
    pub at_least: Role,
}

impl Access {
    /// Reads the column `access` (the caller's role) of a row that was found, and refuses a lesser role.
    pub(crate) fn check(self, row: &Row, what: &'static str, id: Uuid) -> Result<(), Error> {
        let role: Role = sql::word(row, "access")?;
        if role >= self.at_least {
            return Ok(());
        }
        Err(Error::Forbidden {
            what,
            id,
            needed: self.at_least,
        })
    }
}
