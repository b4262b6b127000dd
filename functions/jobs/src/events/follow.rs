//! Waiting for the next events of a job, without holding a connection meanwhile.

use std::time::Duration;

use job::{Event, Status};
use leito_http::{Actor, App, Problem};
use store::access::{Access, Role};
use store::{job_events, jobs};
use tokio::time::{Instant, sleep_until};
use uuid::Uuid;

/// Events that are read at once.
const BATCH: i64 = 500;
/// How often to look: an index lookup, well below what a reader of a progress bar notices.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Reads on in a job's history.
pub struct Follower {
    app: App,
    by: Access,
    job_id: Uuid,
    after: i32,
    status: Status,
}

impl Follower {
    /// Starts after the given event; a job that does not exist has none to follow.
    pub async fn new(app: App, actor: Actor, job_id: Uuid, after: i32) -> Result<Self, Problem> {
        let by = actor.as_at_least(Role::Viewer);
        let client = app.store.client().await?;
        let status = jobs::get_for(&client, by, job_id).await?.status;
        drop(client);
        Ok(Self {
            app,
            by,
            job_id,
            after,
            status,
        })
    }

    /// The number of the last event that was given.
    pub fn after(&self) -> i32 {
        self.after
    }

    /// Where the job stood when its events were last read.
    pub fn status(&self) -> Status {
        self.status
    }

    /// How long a stream of this job may last.
    pub fn stream_for(&self) -> Duration {
        self.app.stream_for
    }

    /// The following events: at once when there are some or the job has ended, otherwise as soon as there are, or none
    /// when the time is up.
    pub async fn next(&mut self, wait: Duration) -> Result<Vec<Event>, Problem> {
        let end = Instant::now() + wait;
        loop {
            let events = self.look().await?;
            if !events.is_empty() || self.status.is_final() || Instant::now() >= end {
                self.after = events.last().map_or(self.after, |event| event.seq);
                return Ok(events);
            }
            sleep_until(end.min(Instant::now() + LOOK_EVERY)).await;
        }
    }

    /// The status is read first: a final one then means that the events read after it are all there will ever be.
    async fn look(&mut self) -> Result<Vec<Event>, Problem> {
        let client = self.app.store.client().await?;
        self.status = jobs::get_for(&client, self.by, self.job_id).await?.status;
        Ok(job_events::list(&client, self.job_id, self.after, BATCH).await?)
    }
}
