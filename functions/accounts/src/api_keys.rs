//! `/api-keys`: what lets somebody's programs in. A key never makes or ends another one: that takes the person.

pub mod create;
pub mod list;
pub mod revoke;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// GET and HEAD.
    Read,
    /// Everything else.
    Write,
}

impl Scope {
    fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// What is known of a key.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiKey {
    /// Its id.
    pub id: Uuid,
    /// What it is for, in its owner's words.
    #[schema(example = "nightly sweep")]
    pub name: String,
    /// How the key begins.
    #[schema(example = "leito_3f9a01")]
    pub hint: String,
    /// What it may do.
    #[schema(example = json!(["read"]))]
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at: jiff::Timestamp,
    /// When it ends by itself.
    pub expires_at: Option<jiff::Timestamp>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<jiff::Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<jiff::Timestamp>,
}

impl From<store::api_keys::ApiKey> for ApiKey {
    fn from(stored: store::api_keys::ApiKey) -> Self {
        Self {
            id: stored.id,
            name: stored.name,
            hint: stored.hint,
            scopes: stored.scopes,
            created_at: stored.created_at,
            expires_at: stored.expires_at,
            last_used_at: stored.last_used_at,
            revoked_at: stored.revoked_at,
        }
    }
}
