//! A job as callers see it who want to know what it has cost and when its turn comes.

use job::Job;
use serde::Serialize;
use store::jobs::Standing;
use utoipa::ToSchema;

/// A job and where it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobStanding {
    /// The job.
    #[serde(flatten)]
    pub job: Job,
    /// Its place in the queue: jobs of its kind that were queued before it and may run. None for a job that is not queued.
    pub jobs_ahead: Option<i64>,
    /// Whole seconds in the hands of workers so far, all attempts together.
    pub running_s: f64,
    /// Price of those seconds on all cores of the machine, in US dollars, at the rate that plans are made with.
    pub cost_usd: f64,
}

impl JobStanding {
    /// The job, priced for `machine`.
    pub fn new(job: Job, standing: Standing, machine: &bed::Machine) -> Self {
        // Whole ones, so that who polls more often is told that there is nothing new.
        let running_s = standing.running_s.floor();
        Self {
            job,
            jobs_ahead: standing.jobs_ahead,
            running_s,
            cost_usd: machine.cost_usd(running_s),
        }
    }
}
