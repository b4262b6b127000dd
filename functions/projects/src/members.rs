//! `/projects/{id}/members`: who is in a project. It has an owner at all times.

pub mod add;
pub mod change;
pub mod list;
pub mod remove;

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::view::Role;

/// Somebody in a project.
#[derive(Debug, Serialize, ToSchema)]
pub struct Member {
    /// The account.
    pub user_id: Uuid,
    /// The person's name.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Since when they are in it.
    pub created_at: jiff::Timestamp,
}

impl From<store::project_members::Member> for Member {
    fn from(stored: store::project_members::Member) -> Self {
        Self {
            user_id: stored.user_id,
            name: stored.name,
            email: stored.email,
            role: stored.role.into(),
            created_at: stored.created_at,
        }
    }
}
