//! A job as it is stored and shown.

use jiff::Timestamp;
use uuid::Uuid;

use crate::{Failure, Kind, Lease, Status};

/// A job to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// Made by the caller, `UUIDv7`.
    pub id: Uuid,
    /// Which worker it is for.
    pub kind: Kind,
    /// The bed it is about.
    pub bed_id: Uuid,
    /// The simulation it fills, for a flow.
    pub simulation_id: Option<Uuid>,
    /// The job that must complete first.
    pub after_job_id: Option<Uuid>,
    /// Who wants it; none for the system itself.
    pub created_by: Option<Uuid>,
    /// All that the worker needs: the specification as it was when the job was made.
    pub input: serde_json::Value,
}

/// One row of work. Serialises to what callers of the API see.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Job {
    /// Its id, `UUIDv7`.
    pub id: Uuid,
    /// Which worker it is for.
    pub kind: Kind,
    /// Where it stands.
    pub status: Status,
    /// The bed it is about.
    pub bed_id: Uuid,
    /// The simulation it fills, for a flow.
    pub simulation_id: Option<Uuid>,
    /// The job that must complete first.
    pub after_job_id: Option<Uuid>,
    /// The project of the bed.
    pub project_id: Uuid,
    /// Who wanted it, while the account exists.
    pub created_by: Option<Uuid>,
    /// All that the worker needs.
    #[serde(skip)]
    pub input: serde_json::Value,
    /// Attempts that count, the running one included.
    pub attempt: i32,
    /// Attempts it gets.
    pub max_attempts: i32,
    /// Somebody asked a running job to stop.
    pub cancel_requested: bool,
    /// The stage it is in.
    pub stage: Option<String>,
    /// How much of that stage is done, 0 to 1.
    pub fraction: Option<f64>,
    /// Seconds to the end of the stage, from measured rates.
    pub eta_s: Option<f64>,
    /// Why the last attempt failed.
    pub error: Option<Failure>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When a worker first took it.
    pub started_at: Option<Timestamp>,
    /// When it reached its final state.
    pub finished_at: Option<Timestamp>,
    /// Number of its latest event; grows with every visible change, so it serves as an `ETag`.
    pub event_seq: i32,
}

/// A job and the right to work on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Claimed {
    /// The job as the claim left it.
    pub job: Job,
    /// The right to write to it.
    pub lease: Lease,
}

/// How far a stage has come.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Progress {
    /// The stage's name.
    pub stage: String,
    /// How much of the stage is done, 0 to 1.
    pub fraction: f64,
    /// Seconds to the end of the stage, from measured rates; nothing before there are any.
    pub eta_s: Option<f64>,
}
