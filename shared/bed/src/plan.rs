//! What a study will take before any work is done, and why it cannot be done when it cannot.
//!
//! The rates were measured with Blender 3.4 and `OpenFOAM` v1912 on slow cores (docs/flow.md); a plan is for deciding, not
//! for billing.

use serde::{Deserialize, Serialize};

use crate::bed::Bed;
use crate::error::Problem;
use crate::quality::MeshSettings;
use crate::refuse;

/// Seconds that Blender needs to start, to write its files and to be analysed (measured 1.7 to 2.5).
const PACKING_BASE_S: f64 = 2.0;
/// Seconds of rigid-body physics for a sphere at 20 substeps (measured 0.036 at N = 10, 0.038 to 0.047 at N = 4).
const PACKING_S_PER_SPHERE: f64 = 0.045;
/// Seconds of snappyHexMesh for a cell that it leaves, whatever the number of cores; it throws as many away inside the
/// spheres.
const MESHING_S_PER_CELL: f64 = 3.1e-4;
/// What each sphere adds to that: the mesher tries one sphere after the other (measured together 0.58 ms a cell for 100
/// spheres, 0.86 for 200, 1.39 for 400).
const MESHING_S_PER_CELL_AND_SPHERE: f64 = 2.7e-6;
/// Cells times iterations that simpleFoam gets through in a second on one core.
const SOLVING_CELL_ITERATIONS_PER_S: f64 = 330_000.0;
/// Iterations until convergence: 62 to 72 in creeping flow through beds, up to 260 at higher Reynolds numbers.
const EXPECTED_ITERATIONS: f64 = 100.0;
/// What the second core brings: two ranks were 1.55 times as fast as one, and 2^0.63 = 1.55.
const PARALLEL_EXPONENT: f64 = 0.63;
/// Memory that any stage takes, in MB.
const BASE_MEMORY_MB: f64 = 120.0;
/// Memory of the mesher for a cell that is left, in kB (measured 2.5 to 3.2).
const MEMORY_KB_PER_CELL: f64 = 3.2;
/// Layers of finest cells around a sphere that a surface level adds, before those are taken off that level 0 has there.
const SURFACE_LAYERS: f64 = 1.75;

/// The machine a study would run on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    /// Cores that one job may use.
    pub cores: u32,
    /// Memory that one job may use, in MB.
    pub memory_mb: f64,
    /// Longest time a whole study may take, in minutes.
    pub max_minutes: f64,
    /// Price of one core for an hour, in US dollars.
    pub price_per_core_hour_usd: f64,
}

impl Default for Machine {
    /// A small machine: 2 cores, 8000 MB, at most 12 hours, 0.05 dollars for a core and its memory per hour (about
    /// what large clouds ask on demand).
    fn default() -> Self {
        Self {
            cores: 2,
            memory_mb: 8000.0,
            max_minutes: 720.0,
            price_per_core_hour_usd: 0.05,
        }
    }
}

impl Machine {
    /// Price of so many seconds on all cores, in US dollars.
    pub fn cost_usd(&self, seconds: f64) -> f64 {
        seconds / 3600.0 * f64::from(self.cores) * self.price_per_core_hour_usd
    }
}

/// What a study is expected to be and to take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Plan {
    /// Number of particles, stated or from the target height.
    pub particle_count: u32,
    /// N = D/d.
    pub tube_to_particle_ratio: f64,
    /// Height of the packed bed in m.
    pub expected_bed_height_m: f64,
    /// That height in particle diameters.
    pub layers: f64,
    /// Porosity of a dense packing.
    pub porosity_low: f64,
    /// Porosity to expect.
    pub porosity_expected: f64,
    /// Porosity of a loose packing.
    pub porosity_high: f64,
    /// Cells of the mesh.
    pub cells: u64,
    /// Peak memory in MB.
    pub memory_mb: f64,
    /// Minutes in Blender.
    pub packing_minutes: f64,
    /// Minutes in the mesher.
    pub meshing_minutes: f64,
    /// Minutes in the solver, all velocities together.
    pub solving_minutes: f64,
    /// Minutes in all.
    pub minutes: f64,
    /// Price of those minutes on all cores of the machine, in US dollars.
    pub cost_usd: f64,
}

/// Plans a study, or says with numbers why it cannot be and what would work.
pub fn plan(bed: &Bed, machine: &Machine) -> Result<Plan, Vec<Problem>> {
    crate::validate(bed)?;
    plan_valid(bed, machine)
}

/// As [`plan`], for a bed that is known to be valid in itself, such as one just read.
pub fn plan_valid(bed: &Bed, machine: &Machine) -> Result<Plan, Vec<Problem>> {
    let plan = estimate(bed, machine);
    let problems = refuse::problems(bed, &plan, machine);
    if problems.is_empty() {
        Ok(plan)
    } else {
        Err(problems)
    }
}

fn estimate(bed: &Bed, machine: &Machine) -> Plan {
    let porosity = bed.porosity_band();
    let expected_bed_height_m = bed.expected_bed_height_m();
    let particle_count = bed.particle_count();
    let cells = cells(bed, &MeshSettings::resolve(&bed.flow));
    let speedup = f64::from(machine.cores.max(1)).powf(PARALLEL_EXPONENT);

    let substeps = f64::from(bed.packing.substeps) / 20.0;
    let packing_s = PACKING_BASE_S + PACKING_S_PER_SPHERE * f64::from(particle_count) * substeps;
    let meshing_s = meshing_s(cells, particle_count);
    let iterations = EXPECTED_ITERATIONS.min(f64::from(bed.flow.max_iterations));
    let flows = bed.flow.velocities_m_s.len() as f64;
    let solving_s = cells * iterations * flows / (SOLVING_CELL_ITERATIONS_PER_S * speedup);
    let minutes = (packing_s + meshing_s + solving_s) / 60.0;

    Plan {
        particle_count,
        tube_to_particle_ratio: bed.tube_to_particle_ratio(),
        expected_bed_height_m,
        layers: expected_bed_height_m / bed.particles.diameter_m,
        porosity_low: porosity.low,
        porosity_expected: porosity.expected,
        porosity_high: porosity.high,
        cells: whole_cells(cells),
        memory_mb: memory_mb(cells),
        packing_minutes: packing_s / 60.0,
        meshing_minutes: meshing_s / 60.0,
        solving_minutes: solving_s / 60.0,
        minutes,
        cost_usd: machine.cost_usd(minutes * 60.0),
    }
}

/// Cells of the mesh: n³ for each d³ of void between the particles, `(1.75 · 4^level − 1) π n²` around each particle, and
/// n³/8 for each d³ of the empty tube before and behind the bed, where cells are twice as long. Within 12 % of what was
/// made at N = 2.4 and 4 with 14 to 100 spheres, 6 to 12 cells per diameter and up to one surface level.
pub(crate) fn cells(bed: &Bed, mesh: &MeshSettings) -> f64 {
    let n = mesh.cells_per_diameter;
    let porosity = bed.porosity_band().expected;
    let void_in_cubes = std::f64::consts::FRAC_PI_6 * porosity / (1.0 - porosity);
    let layers = SURFACE_LAYERS * 4.0_f64.powf(f64::from(mesh.surface_level)) - 1.0;
    let per_particle = void_in_cubes * n.powi(3) + layers * std::f64::consts::PI * n.powi(2);
    let area_in_squares = std::f64::consts::FRAC_PI_4 * bed.tube_to_particle_ratio().powi(2);
    let plenum_in_cubes = area_in_squares * (mesh.inlet_length + mesh.outlet_length);
    f64::from(bed.particle_count()) * per_particle + plenum_in_cubes * (n / 2.0).powi(3)
}

fn meshing_s(cells: f64, spheres: u32) -> f64 {
    cells * (MESHING_S_PER_CELL + MESHING_S_PER_CELL_AND_SPHERE * f64::from(spheres))
}

/// Memory in MB that a mesh of so many cells takes.
pub(crate) fn memory_mb(cells: f64) -> f64 {
    BASE_MEMORY_MB + cells * MEMORY_KB_PER_CELL / 1000.0
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "cells are positive and a float outside the range saturates"
)]
fn whole_cells(cells: f64) -> u64 {
    cells.round() as u64
}
