//! Reading what was stored as JSON: the specification of a job, the output of a stage.

use bed::Bed;
use job::{Failure, Job};
use serde::de::DeserializeOwned;
use worker::Stage;

/// The specification a job is about, as it was when the job was made.
pub fn bed_of(job: &Job) -> Result<Bed, Failure> {
    bed::from_value(&job.input).map_err(|problems| {
        let text: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Failure::permanent("bad_specification", text.join("; "))
    })
}

/// The numbers a stage left.
pub fn output_of<T: DeserializeOwned>(stage: &Stage) -> Result<T, Failure> {
    T::deserialize(&stage.output).map_err(|error| {
        Failure::permanent("stage_unreadable", format!("stage {}: {error}", stage.key))
    })
}
