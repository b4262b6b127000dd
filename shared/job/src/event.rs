//! The ordered history of a job, as callers see it.

use jiff::Timestamp;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum EventKind {
    /// The job was created.
    Queued,
    /// A worker took it; data: attempt.
    Claimed,
    /// Data: stage, fraction, `eta_s`.
    Progress,
    /// A stage ended and its output is stored; data: stage, key.
    StageFinished,
    /// A stage's output was found in the store, no engine ran; data: stage, key.
    Reused,
    /// The attempt failed or its lease ran out, another follows; data: failure, `wait_s`.
    Retry,
    /// The worker gave the job back, the attempt does not count.
    Interrupted,
    /// Somebody asked for the running job to stop.
    CancelRequested,
    /// Final: results are stored.
    Completed,
    /// Final; data: failure.
    Failed,
    /// Final.
    Cancelled,
    /// Somebody queued the job again after it had failed or been cancelled: the final event before was not the last.
    Retried,
}

crate::status::words!(EventKind, "event kind", {
    Queued => "queued",
    Claimed => "claimed",
    Progress => "progress",
    StageFinished => "stage_finished",
    Reused => "reused",
    Retry => "retry",
    Interrupted => "interrupted",
    CancelRequested => "cancel_requested",
    Completed => "completed",
    Failed => "failed",
    Cancelled => "cancelled",
    Retried => "retried",
});

impl EventKind {
    /// Whether nothing follows this one by itself.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}

/// One entry of a job's history.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Event {
    /// 1, 2, 3 … without gaps within one job.
    pub seq: i32,
    /// When it happened, by the database's clock.
    pub at: Timestamp,
    /// What happened.
    pub kind: EventKind,
    /// Details; an object, see [`EventKind`].
    pub data: serde_json::Value,
}
