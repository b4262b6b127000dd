//! What a solved flow is: numbers, or the statement that it did not converge.

use std::collections::BTreeMap;
use std::path::PathBuf;

use bed::{Bed, Regime};
use physics::ErrorBand;
use physics::flow::{modified_reynolds, particle_reynolds};
use physics::pressure_drop::Comparison;
use serde::{Deserialize, Serialize};

use super::mesh::Mesh;
use super::monitor::{
    Convergence, DRIFT_ITERATIONS, Iteration, MAX_DRIFT, MAX_MASS_IMBALANCE, Monitor,
};
use super::planes::Plane;

/// Above this particle Reynolds number a laminar flow through a bed is hardly steady any more.
const LAMINAR_LIMIT: f64 = 150.0;
/// Below it there is no turbulence to model.
const TURBULENT_LIMIT: f64 = 300.0;

/// A file that a stage left behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Name for the user.
    pub name: String,
    /// Where it lies on this machine.
    pub path: PathBuf,
}

/// One flow through one mesh.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Flow {
    /// Volume flow over the area of the empty tube.
    pub superficial_velocity_m_s: f64,
    /// Flow model that was used.
    pub regime: Regime,
    /// Re = ρ U d / μ.
    pub particle_reynolds: f64,
    /// Re / (1 − meshed porosity).
    pub modified_reynolds: f64,
    /// Porosity of the mesh in the measuring window: the one the flow saw.
    pub meshed_porosity: f64,
    /// Porosity of the packing there.
    pub packed_porosity: f64,
    /// Cells of the mesh.
    pub cells: usize,
    /// Iterations of the solver.
    pub iterations: u32,
    /// Whether residuals, drift of the pressure drop and mass imbalance all met their bounds.
    pub converged: bool,
    /// What was not met.
    pub why_not_converged: Option<String>,
    /// The three criteria at the end.
    pub convergence: Option<Convergence>,
    /// Numbers of the flow; none unless it converged.
    #[serde(flatten)]
    pub numbers: Option<FlowNumbers>,
    /// |flow out − flow in| / flow in.
    pub mass_imbalance: f64,
    /// Every iteration.
    pub residual_history: Vec<Iteration>,
    /// What the user should know about the model.
    pub warnings: Vec<String>,
    /// MPI ranks of the solver.
    pub ranks: usize,
    /// Wall time of all programs.
    pub seconds: f64,
    /// Wall time of each.
    pub times_s: BTreeMap<String, f64>,
    /// Largest memory of any of them.
    pub peak_memory_mb: f64,
    /// Archive, fields, pictures, logs.
    pub files: Vec<File>,
}

/// The numbers of a converged flow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FlowNumbers {
    /// Between the bed's ends.
    pub pressure_drop_pa: f64,
    /// Part of it before the measuring window.
    pub entrance_drop_pa: f64,
    /// Part of it behind the measuring window.
    pub exit_drop_pa: f64,
    /// Linear fit through planes inside the measuring window.
    pub pressure_gradient_pa_m: f64,
    /// Of that fit.
    pub r_squared: f64,
    /// Mean pressures of cross-sections: the bed's lower end, the window's planes, the bed's upper end.
    pub planes: Vec<Plane>,
    /// ψ = (dP/L) d / (ρ U²).
    pub friction_factor: f64,
    /// Darcy's, k = μ U / (dP/L).
    pub permeability_m2: f64,
    /// Where the pressure drop without errors of the mesh is expected, as shares of the computed one.
    pub error_band: ErrorBand,
    /// What the literature expects at the meshed porosity.
    pub comparisons: Vec<Comparison>,
}

impl Flow {
    /// What is known right after the solver ended.
    pub(super) fn of(bed: &Bed, mesh: &Mesh, velocity_m_s: f64, monitor: &Monitor) -> Self {
        let fluid = &bed.flow;
        let reynolds = particle_reynolds(
            velocity_m_s,
            mesh.particle_diameter_m,
            fluid.fluid_density_kg_m3,
            fluid.fluid_viscosity_pa_s,
        );
        let modified = modified_reynolds(reynolds, mesh.meshed_porosity);
        let converged = monitor.converged();
        let why_not = (!converged).then(|| why_not_converged(monitor, fluid.convergence));
        Self {
            superficial_velocity_m_s: velocity_m_s,
            regime: fluid.regime,
            particle_reynolds: reynolds,
            modified_reynolds: if modified.is_finite() {
                modified
            } else {
                reynolds
            },
            meshed_porosity: mesh.meshed_porosity,
            packed_porosity: mesh.packing.bulk_porosity,
            cells: mesh.cells,
            iterations: monitor.history.last().map_or(0, |last| last.iteration),
            converged,
            why_not_converged: why_not,
            convergence: monitor.convergence(),
            numbers: None,
            mass_imbalance: monitor
                .history
                .last()
                .map_or(1.0, |last| last.mass_imbalance),
            residual_history: monitor.history.clone(),
            warnings: warnings(fluid.regime, reynolds),
            ranks: 1,
            seconds: 0.0,
            times_s: BTreeMap::new(),
            peak_memory_mb: 0.0,
            files: Vec::new(),
        }
    }
}

fn why_not_converged(monitor: &Monitor, max_residual: f64) -> String {
    let Some(Convergence {
        residual,
        pressure_drift,
        mass_imbalance,
    }) = monitor.convergence()
    else {
        return "the solver ended before its first iteration".to_owned();
    };
    if monitor.diverged() {
        return format!(
            "the solver diverged after {} iterations",
            monitor.history.len()
        );
    }
    let drift = pressure_drift.map_or_else(|| "unknown".to_owned(), |drift| format!("{drift:.1e}"));
    format!(
        "after {} iterations the largest residual is {residual:.1e} (bound {max_residual:.1e}), the pressure drop moved by \
         {drift} in {DRIFT_ITERATIONS} iterations (bound {MAX_DRIFT:.0e}), the mass imbalance is {mass_imbalance:.1e} \
         (bound {MAX_MASS_IMBALANCE:.0e})",
        monitor.history.len()
    )
}

fn warnings(regime: Regime, reynolds: f64) -> Vec<String> {
    match regime {
        Regime::Laminar if reynolds > LAMINAR_LIMIT => vec![format!(
            "Re = {reynolds:.0}: above about {LAMINAR_LIMIT} a laminar flow through a bed is not steady; regime turbulent_rans is the alternative"
        )],
        Regime::TurbulentRans if reynolds < TURBULENT_LIMIT => vec![format!(
            "Re = {reynolds:.0}: below about {TURBULENT_LIMIT} the flow is laminar and the turbulence model adds friction; regime laminar is the alternative"
        )],
        _ => Vec::new(),
    }
}
