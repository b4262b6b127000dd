//! An account as callers see it.

use serde::Serialize;
use store::users::User;
use utoipa::ToSchema;
use uuid::Uuid;

/// A person's account.
#[derive(Debug, Serialize, ToSchema)]
pub struct Account {
    /// Its id.
    pub id: Uuid,
    /// The person's name.
    #[schema(example = "Ada Lovelace")]
    pub name: String,
    /// In lower case; nobody else's.
    #[schema(example = "ada@example.org")]
    pub email: String,
    /// Eleven digits, if the person gave them.
    #[schema(example = "52998224725")]
    pub cpf: Option<String>,
    /// `member`, or `admin` who sees and does everything.
    #[schema(example = "member")]
    pub role: &'static str,
    /// When it was made.
    pub created_at: jiff::Timestamp,
    /// When it was last changed.
    pub updated_at: jiff::Timestamp,
}

impl From<User> for Account {
    fn from(stored: User) -> Self {
        Self {
            id: stored.id,
            name: stored.name,
            email: stored.email,
            cpf: stored.cpf,
            role: if stored.is_admin { "admin" } else { "member" },
            created_at: stored.created_at,
            updated_at: stored.updated_at,
        }
    }
}
