//! A simulation as callers see it.

use std::collections::BTreeMap;

use job::Job;
use serde::Serialize;
use serde_json::Value;
use store::bed_files::File;
use store::results::Quantity;
use utoipa::ToSchema;
use uuid::Uuid;

/// Conditions, state and results.
#[derive(Debug, Serialize, ToSchema)]
pub struct Simulation {
    /// Its id.
    id: Uuid,
    /// The bed the fluid flows through.
    bed_id: Uuid,
    /// pending, running, completed, failed or cancelled.
    status: String,
    /// `laminar` or `turbulent_rans`.
    regime: String,
    /// The flow block of the specification it was started with.
    #[schema(value_type = Object)]
    conditions: Value,
    /// The packing it used, once known.
    packing: Option<Packing>,
    /// One entry a velocity, in the order of the specification; empty until completed.
    results: Vec<AtVelocity>,
    /// Mesh numbers, comparison with correlations, residuals; none until completed.
    #[schema(value_type = Option<Object>)]
    summary: Option<Value>,
    /// The files it left; a packing's files are listed with the bed.
    files: Vec<FileLink>,
    /// The work behind it; a failed one says why.
    jobs: Vec<Job>,
    /// When it was made.
    created_at: jiff::Timestamp,
    /// When its flow job first ran.
    started_at: Option<jiff::Timestamp>,
    /// When its flow job ended.
    finished_at: Option<jiff::Timestamp>,
}

/// What the flow was computed through.
#[derive(Debug, Serialize, ToSchema)]
#[expect(
    clippy::struct_field_names,
    reason = "a packing seed is called so everywhere"
)]
pub struct Packing {
    /// Its id.
    id: Uuid,
    /// Seed of its starting positions.
    packing_seed: i64,
    /// Particles within the tube.
    particles_inside: i32,
    /// Particles that got out.
    particles_escaped: i32,
    /// Whether all came to rest.
    settled: bool,
    /// Packed height.
    bed_height_m: f64,
    /// Void fraction of the measuring window, wall region included.
    bulk_porosity: f64,
    /// Void fraction far from the wall, where there is such a place.
    core_porosity: Option<f64>,
    /// Mean number of contacts of a particle.
    mean_coordination: f64,
    /// Largest overlap of two particles over the particle diameter.
    max_overlap_ratio: f64,
    /// Deepest penetration of the wall over the particle diameter.
    wall_penetration_ratio: f64,
}

/// The results at one velocity.
#[derive(Debug, Serialize, ToSchema)]
pub struct AtVelocity {
    /// The velocity.
    superficial_velocity_m_s: f64,
    /// By name, such as `pressure_drop_pa`.
    quantities: BTreeMap<String, Number>,
}

/// One number of a result.
#[derive(Debug, Serialize, ToSchema)]
pub struct Number {
    /// The number.
    value: f64,
    /// Its SI unit; empty for a ratio.
    unit: String,
    /// The longer side of the error band, in the same unit, where known; the summary's `error_band` has both.
    uncertainty: Option<f64>,
}

/// A file and where to get it.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileLink {
    /// What it is.
    kind: String,
    /// The name it is downloaded under.
    name: String,
    /// Size.
    bytes: i64,
    /// SHA-256 of the content, hexadecimal.
    sha256: String,
    /// Where to download it.
    href: String,
}

/// What is stored around a simulation.
pub struct Parts {
    pub packing: Option<store::packings::Packing>,
    pub results: Vec<Quantity>,
    pub files: Vec<File>,
    pub jobs: Vec<Job>,
}

impl Simulation {
    /// Puts the stored parts together.
    pub fn new(stored: store::simulations::Simulation, parts: Parts) -> Self {
        Self {
            id: stored.id,
            bed_id: stored.bed_id,
            status: stored.status,
            regime: stored.regime,
            conditions: stored.conditions,
            packing: parts.packing.map(Packing::from),
            results: by_velocity(parts.results),
            summary: stored.summary,
            files: parts.files.into_iter().map(FileLink::from).collect(),
            jobs: parts.jobs,
            created_at: stored.created_at,
            started_at: stored.started_at,
            finished_at: stored.finished_at,
        }
    }
}

/// The rows come sorted by the velocity's place in the specification.
fn by_velocity(rows: Vec<Quantity>) -> Vec<AtVelocity> {
    let mut sorted: BTreeMap<i32, AtVelocity> = BTreeMap::new();
    for row in rows {
        let at = sorted
            .entry(row.velocity_index)
            .or_insert_with(|| AtVelocity {
                superficial_velocity_m_s: row.superficial_velocity_m_s,
                quantities: BTreeMap::new(),
            });
        let number = Number {
            value: row.value,
            unit: row.unit,
            uncertainty: row.uncertainty,
        };
        at.quantities.insert(row.quantity, number);
    }
    sorted.into_values().collect()
}

impl From<store::packings::Packing> for Packing {
    fn from(stored: store::packings::Packing) -> Self {
        Self {
            id: stored.id,
            packing_seed: stored.packing_seed,
            particles_inside: stored.particles_inside,
            particles_escaped: stored.particles_escaped,
            settled: stored.settled,
            bed_height_m: stored.bed_height_m,
            bulk_porosity: stored.bulk_porosity,
            core_porosity: stored.core_porosity,
            mean_coordination: stored.mean_coordination,
            max_overlap_ratio: stored.max_overlap_ratio,
            wall_penetration_ratio: stored.wall_penetration_ratio,
        }
    }
}

impl From<File> for FileLink {
    fn from(stored: File) -> Self {
        Self {
            href: format!(
                "{}/beds/{}/files/{}",
                leito_http::BASE_PATH,
                stored.bed_id,
                stored.id
            ),
            kind: stored.kind,
            name: stored.name,
            bytes: stored.bytes,
            sha256: stored.sha256,
        }
    }
}
