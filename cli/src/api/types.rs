//! The API's answers, as far as the command line shows them.

use std::collections::BTreeMap;

use job::{Event, Failure, Status};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A created bed.
#[derive(Clone, Debug, Deserialize)]
pub struct Bed {
    pub id: String,
    pub name: String,
    pub plan: Option<bed::Plan>,
}

/// A simulation that was asked for, and the jobs that will carry it out, in order.
#[derive(Clone, Debug, Deserialize)]
pub struct Started {
    pub simulation: Begun,
    pub jobs: Vec<Job>,
}

/// A simulation of which nothing is known yet.
#[derive(Clone, Debug, Deserialize)]
pub struct Begun {
    pub id: String,
}

/// A job.
#[derive(Clone, Debug, Deserialize)]
pub struct Job {
    pub id: String,
    pub kind: String,
    pub status: Status,
    pub error: Option<Failure>,
}

/// What happened to a job.
#[derive(Clone, Debug, Deserialize)]
pub struct Events {
    pub events: Vec<Event>,
    pub status: Status,
}

/// A page of a bed's files.
#[derive(Clone, Debug, Deserialize)]
pub struct Files {
    pub files: Vec<BedFile>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// A file of a bed.
#[derive(Clone, Debug, Deserialize)]
pub struct BedFile {
    pub id: String,
    pub simulation_id: Option<String>,
    pub name: String,
    /// Of one that Leito compressed.
    pub unpacked: Option<Unpacked>,
}

/// What a compressed file unpacks to.
#[derive(Clone, Debug, Deserialize)]
pub struct Unpacked {
    pub name: String,
    #[serde(flatten)]
    pub content: objects::Unpacked,
}

impl BedFile {
    /// The name of its content.
    pub fn content_name(&self) -> &str {
        let unpacked = self.unpacked.as_ref();
        unpacked.map_or(&self.name, |unpacked| &unpacked.name)
    }
}

/// A simulation with its results.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Simulation {
    pub id: String,
    pub bed_id: String,
    pub status: String,
    pub regime: String,
    pub packing: Option<Packing>,
    /// One entry a velocity.
    pub results: Vec<AtVelocity>,
    /// Mesh numbers, comparisons, residuals.
    pub summary: Option<Value>,
}

/// What the flow was computed through.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Packing {
    pub particles_inside: u32,
    pub particles_escaped: u32,
    pub settled: bool,
    pub bed_height_m: f64,
    pub bulk_porosity: f64,
    pub core_porosity: Option<f64>,
    pub mean_coordination: f64,
    pub max_overlap_ratio: f64,
    pub wall_penetration_ratio: f64,
}

/// The results at one velocity.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct AtVelocity {
    pub superficial_velocity_m_s: f64,
    /// By name, such as `pressure_drop_pa`.
    pub quantities: BTreeMap<String, Number>,
}

/// One number of a result.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Number {
    pub value: f64,
    pub unit: String,
    pub uncertainty: Option<f64>,
}
