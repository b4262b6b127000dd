//! A project as its members see it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A project.
#[derive(Debug, Serialize, ToSchema)]
pub struct Project {
    /// Its id.
    pub id: Uuid,
    /// Given by its author.
    #[schema(example = "Catalyst supports")]
    pub name: String,
    /// What it is about.
    pub description: String,
    /// What the caller may do in it.
    pub role: Role,
    /// Grows with every change.
    pub version: i32,
    /// When it was made.
    pub created_at: jiff::Timestamp,
    /// When it was last changed.
    pub updated_at: jiff::Timestamp,
}

/// What somebody may do in a project; each role may do what the ones before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ProjectRole)]
pub enum Role {
    /// Looks.
    Viewer,
    /// Makes, changes and deletes what is in the project.
    Editor,
    /// Decides who is in the project, and ends it.
    Owner,
}

impl From<store::access::Role> for Role {
    fn from(stored: store::access::Role) -> Self {
        match stored {
            store::access::Role::Viewer => Self::Viewer,
            store::access::Role::Editor => Self::Editor,
            store::access::Role::Owner => Self::Owner,
        }
    }
}

impl From<Role> for store::access::Role {
    fn from(wanted: Role) -> Self {
        match wanted {
            Role::Viewer => Self::Viewer,
            Role::Editor => Self::Editor,
            Role::Owner => Self::Owner,
        }
    }
}

impl From<store::projects::Project> for Project {
    fn from(stored: store::projects::Project) -> Self {
        Self {
            id: stored.id,
            name: stored.name,
            description: stored.description,
            role: stored.role.into(),
            version: stored.version,
            created_at: stored.created_at,
            updated_at: stored.updated_at,
        }
    }
}
