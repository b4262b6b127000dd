//! Finding jobs, and what is asked about one that is not over.

use jiff::Timestamp;
use job::{Job, Kind, Status};
use uuid::Uuid;

use super::from_row;
use crate::list::{KeyKind, List, Listed, Order, Page, Query, Range};
use crate::{Error, GenericClient, sql};

/// What to look for; everything that is left out does not matter.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Search {
    /// In this project alone.
    pub project_id: Option<Uuid>,
    /// Of this bed.
    pub bed_id: Option<Uuid>,
    /// Wanted by this account.
    pub created_by: Option<Uuid>,
    /// For this worker.
    pub kind: Option<Kind>,
    /// Standing there.
    pub status: Option<Status>,
    /// Made then.
    pub created: Range<Timestamp>,
}

const COLUMNS: (&str, &str, &str) = (
    "t.id, t.kind, t.status, t.bed_id, t.simulation_id, t.after_job_id, t.project_id, t.created_by, t.input, t.attempt,
        t.max_attempts, t.cancel_requested, t.stage, t.fraction, t.eta_s, t.error, t.event_seq, t.created_at,
        t.started_at, t.finished_at",
    "jobs t",
    "t.project_id",
);

/// A page of the jobs that this user may see and that are as wanted, by when they were made.
pub async fn search(
    client: &impl GenericClient,
    user_id: Uuid,
    wanted: Search,
    descending: bool,
    page: &Page,
) -> Result<Listed<Job>, Error> {
    search_query(user_id, wanted, descending, page)
        .run(client, from_row)
        .await
}

/// The statement of [`search`].
#[doc(hidden)]
pub fn search_query(user_id: Uuid, wanted: Search, descending: bool, page: &Page) -> Query {
    let mut list = List::of(user_id, wanted.project_id, COLUMNS);
    list.maybe("t.bed_id = ", wanted.bed_id, "");
    list.maybe("t.created_by = ", wanted.created_by, "");
    list.maybe("t.kind = ", wanted.kind.map(Kind::as_str), "");
    list.maybe("t.status = ", wanted.status.map(Status::as_str), "");
    list.within("t.created_at", wanted.created);
    let order = Order {
        keys: &["t.created_at", "t.id"],
        kind: KeyKind::Time,
        descending,
    };
    list.page(order, page)
}

/// What a job has cost so far and what stands before it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// Jobs of its kind that were queued before it and may run; none for a job that is not queued.
    pub jobs_ahead: Option<i64>,
    /// Time in the hands of workers, all attempts together.
    pub running_s: f64,
}

/// An attempt lasts from its claim to whatever ended it: the next claim when the worker went silent.
pub(super) const STANDING: &str = "
    SELECT CASE WHEN j.status = 'queued' THEN (
            SELECT count(*) FROM jobs ahead WHERE ahead.kind = j.kind AND ahead.status = 'queued' AND ahead.id < j.id
                AND (ahead.after_job_id IS NULL OR EXISTS (
                    SELECT FROM jobs before WHERE before.id = ahead.after_job_id AND before.status = 'completed'))
        ) END AS jobs_ahead,
        (SELECT coalesce(sum(extract(epoch FROM coalesce(step.ended_at, now()) - step.at)), 0)::double precision
         FROM (SELECT e.kind, e.at, lead(e.at) OVER (ORDER BY e.seq) AS ended_at FROM job_events e
            WHERE e.job_id = j.id
                AND e.kind IN ('claimed', 'retry', 'interrupted', 'completed', 'failed', 'cancelled')) step
         WHERE step.kind = 'claimed') AS running_s
    FROM jobs j WHERE j.id = $1";

/// Where a job stands in the queue, and how long it has run.
pub async fn standing(client: &impl GenericClient, id: Uuid) -> Result<Standing, Error> {
    let row = sql::row(client, STANDING, &[&id]).await?;
    let row = row.ok_or_else(|| Error::not_found("job", id))?;
    Ok(Standing {
        jobs_ahead: row.try_get("jobs_ahead")?,
        running_s: row.try_get::<_, f64>("running_s")?.max(0.0),
    })
}
