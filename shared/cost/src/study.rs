//! What one study adds.

use bed::{Bed, Machine, Plan};

use crate::prices::{
    FARGATE_GB_HOUR, FARGATE_LEAST_S, FARGATE_SPOT_SHARE, FARGATE_VCPU_HOUR, HTTP_API_REQUEST,
    LAMBDA_GB_SECOND, LAMBDA_REQUEST, S3_GB_MONTH, S3_PUT, SQS_REQUEST, TRAFFIC_OUT_GB,
};
use crate::{Deployment, Line, Worker};

/// Requests of somebody who describes a bed, follows its jobs and looks at the results.
const API_REQUESTS: f64 = 100.0;
/// Seconds that a function works for one of them.
const API_REQUEST_S: f64 = 0.03;
/// Messages sent, received, extended and deleted for a packing and a flow.
const QUEUE_REQUESTS: f64 = 40.0;
/// Files of a packing and of one flow.
const FILES: f64 = 30.0;
/// Files of a packing for each particle, in bytes (11 MB for the 100 spheres of `examples/demo.bed`).
const BYTES_PER_PARTICLE: f64 = 110_000.0;
/// Files of one flow for each cell, in bytes (42 MB for the 137 462 cells of the same).
const BYTES_PER_CELL: f64 = 305.0;

/// The solver's machine as the planner sees it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float outside the range saturates, and no machine has that many cores"
)]
pub fn machine(deployment: &Deployment) -> Machine {
    Machine {
        cores: deployment.solver.vcpu as u32,
        memory_mb: deployment.solver.memory_gb * 1000.0,
        ..Machine::default()
    }
}

/// One study: its work, its requests, and its files, kept for a month and fetched once.
pub fn lines(bed: &Bed, plan: &Plan, deployment: &Deployment) -> Vec<Line> {
    let solving_minutes = plan.meshing_minutes + plan.solving_minutes;
    let packer_h = billed_h(&deployment.packer, plan.packing_minutes);
    let solver_h = billed_h(&deployment.solver, solving_minutes);
    let flows = bed.flow.velocities_m_s.len() as f64;
    let bytes = f64::from(plan.particle_count) * BYTES_PER_PARTICLE
        + plan.cells as f64 * BYTES_PER_CELL * flows;
    let gb = bytes / 1e9;
    let request = HTTP_API_REQUEST
        + LAMBDA_REQUEST
        + API_REQUEST_S * deployment.function_gb * LAMBDA_GB_SECOND;
    vec![
        Line::new(
            "packing",
            packer_h,
            "h",
            per_hour(&deployment.packer, deployment.spot),
        ),
        Line::new(
            "meshing and solving",
            solver_h,
            "h",
            per_hour(&deployment.solver, deployment.spot),
        ),
        Line::new("requests", API_REQUESTS, "requests", request),
        Line::new("messages", QUEUE_REQUESTS, "requests", SQS_REQUEST),
        Line::new("files written", FILES, "PUT", S3_PUT),
        Line::new("files kept", gb, "GB month", S3_GB_MONTH),
        Line::new("files fetched", gb, "GB", TRAFFIC_OUT_GB),
    ]
}

/// Hours that are billed for a job alone on its container.
fn billed_h(worker: &Worker, minutes: f64) -> f64 {
    (minutes * 60.0 + worker.start_s).max(FARGATE_LEAST_S) / 3600.0
}

fn per_hour(worker: &Worker, spot: bool) -> f64 {
    let on_demand = worker.vcpu * FARGATE_VCPU_HOUR + worker.memory_gb * FARGATE_GB_HOUR;
    if spot {
        on_demand * FARGATE_SPOT_SHARE
    } else {
        on_demand
    }
}
