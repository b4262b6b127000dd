//! A share link as its owner sees it.

use jiff::Timestamp;
use serde::Serialize;
use store::fileshare_items::{Link, Shared};
use utoipa::ToSchema;
use uuid::Uuid;

/// Whether a link still leads somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It does, as long as who made it may share what it shows.
    Active,
    /// Its time is over.
    Expired,
    /// Its last download was taken.
    UsedUp,
    /// Somebody ended it.
    Revoked,
}

impl State {
    fn of(link: &Link, now: Timestamp) -> Self {
        if link.revoked_at.is_some() {
            Self::Revoked
        } else if link
            .max_downloads
            .is_some_and(|most| link.downloads >= most)
        {
            Self::UsedUp
        } else if link.expires_at <= now {
            Self::Expired
        } else {
            Self::Active
        }
    }
}

/// A link to a file or to a study.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShareLink {
    /// Its id.
    pub id: Uuid,
    /// The file it leads to.
    pub file_id: Option<Uuid>,
    /// Or the simulation.
    pub simulation_id: Option<Uuid>,
    /// The project of either.
    pub project_id: Uuid,
    /// The name of the file, or of the simulation's bed.
    pub name: String,
    /// Whether it still leads somewhere.
    pub state: State,
    /// Whether it asks for a password.
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

impl ShareLink {
    /// The link as it is at this moment.
    pub fn new(link: Link, now: Timestamp) -> Self {
        let (file_id, simulation_id) = match link.shared {
            Shared::File(id) => (Some(id), None),
            Shared::Simulation(id) => (None, Some(id)),
        };
        Self {
            state: State::of(&link, now),
            id: link.id,
            file_id,
            simulation_id,
            project_id: link.project_id,
            name: link.name,
            has_password: link.has_password,
            max_downloads: link.max_downloads,
            downloads: link.downloads,
            created_at: link.created_at,
            expires_at: link.expires_at,
            last_downloaded_at: link.last_downloaded_at,
            revoked_at: link.revoked_at,
        }
    }
}
