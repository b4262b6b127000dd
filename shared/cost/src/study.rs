//! What one study adds.

use bed::{Bed, Machine, Plan};

use crate::prices::{
    FARGATE_GB_HOUR, FARGATE_LEAST_S, FARGATE_SPOT_SHARE, FARGATE_VCPU_HOUR, HTTP_API_REQUEST,
    LAMBDA_GB_SECOND, LAMBDA_REQUEST, S3_GB_MONTH, S3_PUT, SQS_REQUEST, TRAFFIC_OUT_GB,
};
use crate::{Deployment, Line};

/// Seconds between an order for a container and its first job, mostly for its image.
const CONTAINER_START_S: f64 = 60.0;
/// The same for a function that is an image.
const FUNCTION_START_S: f64 = 10.0;
/// Requests of somebody who describes a bed, follows its jobs and looks at the results.
const API_REQUESTS: f64 = 100.0;
/// Seconds that a function works for one of them.
const API_REQUEST_S: f64 = 0.03;
/// Messages sent, received, extended and deleted for a packing and a flow.
const QUEUE_REQUESTS: f64 = 40.0;
/// Files of a packing and of one flow.
const FILES: f64 = 30.0;
/// Stored files of a packing for each particle, in bytes (7.8 MB for the 100 spheres of `examples/demo.bed`).
const BYTES_PER_PARTICLE: f64 = 78_000.0;
/// Stored files of one flow for each cell, in bytes (31 MB for the 137 462 cells of the same).
const BYTES_PER_CELL: f64 = 226.0;

/// The solver's machine as the planner sees it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float outside the range saturates, and no machine has that many cores"
)]
pub fn machine(deployment: &Deployment) -> Machine {
    Machine {
        cores: deployment.solver_vcpu as u32,
        memory_mb: deployment.solver_gb * 1000.0,
        ..Machine::default()
    }
}

/// One study: its work, its requests, and its files, kept for a month and fetched once.
pub fn lines(bed: &Bed, plan: &Plan, deployment: &Deployment) -> Vec<Line> {
    let packing_gb_s = deployment.packer_gb * (plan.packing_minutes * 60.0 + FUNCTION_START_S);
    let solving_s = (plan.meshing_minutes + plan.solving_minutes) * 60.0 + CONTAINER_START_S;
    let solver_h = solving_s.max(FARGATE_LEAST_S) / 3600.0;
    let flows = bed.flow.velocities_m_s.len() as f64;
    let bytes = f64::from(plan.particle_count) * BYTES_PER_PARTICLE
        + plan.cells as f64 * BYTES_PER_CELL * flows;
    let gb = bytes / 1e9;
    let request = HTTP_API_REQUEST
        + LAMBDA_REQUEST
        + API_REQUEST_S * deployment.function_gb * LAMBDA_GB_SECOND;
    vec![
        Line::new("packing", packing_gb_s, "GB s", LAMBDA_GB_SECOND),
        Line::new(
            "meshing and solving",
            solver_h,
            "h",
            solver_per_hour(deployment),
        ),
        Line::new("requests", API_REQUESTS, "requests", request),
        Line::new("messages", QUEUE_REQUESTS, "requests", SQS_REQUEST),
        Line::new("files written", FILES, "PUT", S3_PUT),
        Line::new("files kept", gb, "GB month", S3_GB_MONTH),
        Line::new("files fetched", gb, "GB", TRAFFIC_OUT_GB),
    ]
}

/// What an hour of the solver's container costs, spare capacity and capacity on demand in the template's proportion.
fn solver_per_hour(deployment: &Deployment) -> f64 {
    let on_demand =
        deployment.solver_vcpu * FARGATE_VCPU_HOUR + deployment.solver_gb * FARGATE_GB_HOUR;
    let spot = deployment.spot_share;
    on_demand * (1.0 - spot + spot * FARGATE_SPOT_SHARE)
}
