//! The report of a submission: its stored numbers in an order that people read, as JSON, Markdown or CSV. Nothing in it is
//! written by hand, and what was not computed is not there.

mod csv;
mod markdown;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// A report.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Report {
    /// The submission that it reports on.
    pub submission_id: Uuid,
    /// Its kind.
    pub kind: String,
    /// Of which version.
    pub version: i32,
    /// `done`, or `error` when some of the work failed and this is the rest.
    pub status: String,
    /// When the last of the work ended.
    pub finished_at: Option<Timestamp>,
    /// In the order of the submission.
    pub simulations: Vec<Simulation>,
}

/// One simulation of a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ReportedSimulation)]
pub struct Simulation {
    /// Its id.
    pub id: Uuid,
    /// The bed the fluid flows through.
    pub bed_id: Uuid,
    /// The bed's name.
    pub bed: String,
    /// `completed`, or why there are no numbers: `failed`, `cancelled`.
    pub status: String,
    /// `laminar` or `turbulent_rans`.
    pub regime: String,
    /// What the fluid flows through; none when there is no such packing.
    pub packing: Option<Packing>,
    /// One entry a velocity.
    pub velocities: Vec<AtVelocity>,
}

/// A packing of a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ReportedPacking)]
pub struct Packing {
    /// Seed of its starting positions.
    #[serde(rename = "packing_seed")]
    pub seed: i64,
    /// Particles within the tube.
    pub particles_inside: i64,
    /// Packed height.
    pub bed_height_m: f64,
    /// Void fraction of the measuring window, wall region included.
    pub bulk_porosity: f64,
    /// Void fraction far from the wall, where there is such a place.
    pub core_porosity: Option<f64>,
    /// Mean number of contacts of a particle.
    pub mean_coordination: f64,
}

/// The numbers at one velocity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ReportedVelocity)]
pub struct AtVelocity {
    /// The velocity.
    pub superficial_velocity_m_s: f64,
    /// By name, such as `pressure_drop_pa`.
    pub quantities: BTreeMap<String, Quantity>,
    /// What correlations predict; empty when nothing was computed.
    pub comparisons: Vec<Comparison>,
}

/// One number of a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ReportedQuantity)]
pub struct Quantity {
    /// The number.
    pub value: f64,
    /// Its SI unit; empty for a ratio.
    pub unit: String,
    /// Half the width of the error band in the same unit, where known.
    pub uncertainty: Option<f64>,
}

/// The prediction of one correlation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ReportedComparison)]
pub struct Comparison {
    /// Authors and year.
    pub name: String,
    /// The gradient it predicts.
    pub pressure_gradient_pa_m: f64,
    /// The computed gradient over the predicted one.
    #[serde(default)]
    pub computed_over_predicted: Option<f64>,
    /// Whether the case lies within the range it was made for.
    pub in_range: bool,
    /// That range in words.
    pub range: String,
}

/// What a submission is, for the head of its report.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// The submission.
    pub submission_id: Uuid,
    /// Its kind.
    pub kind: String,
    /// Of which version.
    pub version: i32,
    /// `done` or `error`.
    pub status: String,
    /// When the last of the work ended.
    pub finished_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Stored {
    simulations: Vec<Simulation>,
}

impl Report {
    /// The report of a submission, out of its stored result.
    pub fn new(head: Head, result: &Value) -> Result<Self, serde_json::Error> {
        let Stored { mut simulations } = Stored::deserialize(result)?;
        for simulation in &mut simulations {
            simulation.velocities.iter_mut().for_each(compare);
        }
        Ok(Self {
            submission_id: head.submission_id,
            kind: head.kind,
            version: head.version,
            status: head.status,
            finished_at: head.finished_at,
            simulations,
        })
    }

    /// As Markdown, with tables.
    pub fn markdown(&self) -> String {
        markdown::of(self)
    }

    /// As CSV (RFC 4180), one number a line.
    pub fn csv(&self) -> String {
        csv::of(self)
    }
}

fn compare(at: &mut AtVelocity) {
    let Some(computed) = at.quantities.get("pressure_gradient_pa_m") else {
        return;
    };
    for comparison in &mut at.comparisons {
        let ratio = computed.value / comparison.pressure_gradient_pa_m;
        comparison.computed_over_predicted = Some(ratio).filter(|ratio| ratio.is_finite());
    }
}
