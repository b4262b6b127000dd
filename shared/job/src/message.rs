//! What travels through a queue: ids, never payloads.

use uuid::Uuid;

use crate::BadMessage;

/// Wakes a worker up for one job. Everything else is in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Message {
    /// The job to claim.
    pub job_id: Uuid,
}

impl Message {
    /// The body to send.
    pub fn to_json(&self) -> String {
        format!(r#"{{"job_id":"{}"}}"#, self.job_id)
    }

    /// Reads a body; unknown fields are ignored so that old workers survive new senders.
    pub fn parse(body: &str) -> Result<Self, BadMessage> {
        Ok(serde_json::from_str(body)?)
    }
}
