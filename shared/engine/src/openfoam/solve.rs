//! Solves one flow on a mesh and reads its numbers. Each velocity starts from rest, so that a result depends on the mesh
//! and its own conditions alone, never on what was solved before.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use bed::{Bed, MeshSettings, Regime};
use physics::ErrorBand;
use physics::error_band::{discretisation_band, porosity_band};
use physics::flow;
use physics::pressure_drop::{Conditions, compare};

use super::case::{Case, Parameters, mesh_parameters};
use super::flow::{Flow, FlowNumbers};
use super::mesh::Mesh;
use super::monitor::Monitor;
use super::output::{self, Wanted};
use super::planes::{Falls, Plane, PlaneReader, Planes, falls};
use super::run::{Programs, ranks};
use crate::process::Outcome;
use crate::{Context, EngineError};

/// Pressure from OpenFOAM's kinematic pressure: the one place where density comes in.
pub fn pressure_pa(kinematic_pressure_m2_s2: f64, fluid_density_kg_m3: f64) -> f64 {
    kinematic_pressure_m2_s2 * fluid_density_kg_m3
}

/// The flow at one superficial velocity on a mesh whose case is in the context's folder. A flow that did not converge is
/// an `Ok` that says so and has no numbers.
pub async fn solve(
    bed: &Bed,
    mesh: &Mesh,
    velocity_m_s: f64,
    context: &Context,
) -> Result<Flow, EngineError> {
    let case = Case::of(&context.dir);
    let ranks = ranks(context.cores, mesh.cells);
    let planes = Planes::of(mesh);
    let turbulent = bed.flow.regime == Regime::TurbulentRans;
    case.prepare_flow(
        &parameters(bed, mesh, velocity_m_s, ranks),
        turbulent,
        &planes.dictionary(mesh),
    )?;
    let mut run = Run::new(&case, context, ranks);
    let monitor = run.solver(bed).await?;
    let mut flow = Flow::of(bed, mesh, velocity_m_s, &monitor);
    if flow.converged {
        let sampled = run.sample(&planes, bed.flow.fluid_density_kg_m3).await?;
        flow.numbers = Some(numbers(bed, mesh, velocity_m_s, sampled)?);
    }
    flow.ranks = ranks;
    flow.seconds = run.seconds();
    flow.peak_memory_mb = run.peak_memory_mb;
    let wanted = Wanted {
        fields: bed.flow.write_fields,
        pictures: flow.converged,
    };
    let density = bed.flow.fluid_density_kg_m3;
    flow.files = output::collect(
        &case,
        wanted,
        pressure_pa(1.0, density),
        velocity_m_s,
        context,
    )
    .await?;
    flow.times_s = run.times_s;
    context.report("solving", 1.0, Some(0.0));
    Ok(flow)
}

/// `system/parameters` with the flow's numbers.
fn parameters(bed: &Bed, mesh: &Mesh, velocity_m_s: f64, ranks: usize) -> Parameters {
    let conditions = &bed.flow;
    let kinematic_viscosity = conditions.fluid_viscosity_pa_s / conditions.fluid_density_kg_m3;
    // 5 % intensity and eddies of 7 % of a particle: what enters a bed hardly matters behind its first layer
    let turbulence = 1.5 * (0.05 * velocity_m_s).powi(2);
    let mixing_length = 0.07 * mesh.particle_diameter_m;
    let mut parameters = mesh_parameters(mesh.section, &mesh.background, &mesh.settings);
    parameters
        .number("kinematicViscosity", kinematic_viscosity)
        .number("flowRate", velocity_m_s * mesh.section.area_m2())
        .number("maxIterations", f64::from(conditions.max_iterations))
        .number("subdomains", ranks as f64)
        .number("inletK", turbulence)
        .number(
            "inletOmega",
            turbulence.sqrt() / (0.09_f64.powf(0.25) * mixing_length),
        )
        .word(
            "simulationType",
            if conditions.regime == Regime::Laminar {
                "laminar"
            } else {
                "RAS"
            },
        );
    parameters
}

/// The programs of one flow and what they took.
struct Run<'a> {
    case: &'a Case,
    programs: Programs<'a>,
    context: &'a Context,
    ranks: usize,
    times_s: BTreeMap<String, f64>,
    peak_memory_mb: f64,
}

impl<'a> Run<'a> {
    fn new(case: &'a Case, context: &'a Context, ranks: usize) -> Self {
        Self {
            case,
            programs: Programs::of(case, context),
            context,
            ranks,
            times_s: BTreeMap::new(),
            peak_memory_mb: 0.0,
        }
    }

    fn took(&mut self, program: &str, outcome: Outcome) {
        *self.times_s.entry(program.to_owned()).or_default() += outcome.seconds;
        self.peak_memory_mb = self.peak_memory_mb.max(outcome.peak_memory_mb);
    }

    fn seconds(&self) -> f64 {
        self.times_s.values().sum()
    }

    async fn solver(&mut self, bed: &Bed) -> Result<Monitor, EngineError> {
        let parallel = self.ranks > 1;
        if parallel {
            let outcome = self
                .programs
                .run("decomposePar", &["-force"], |_| ())
                .await?;
            self.took("decomposePar", outcome);
        }
        let mut monitor = Monitor::new(bed.flow.convergence, bed.flow.max_iterations);
        let stop = self.case.dir.join("stop");
        let (context, started) = (self.context, tokio::time::Instant::now());
        let outcome = self
            .programs
            .run_ranks(self.ranks, "simpleFoam", |line| {
                if monitor.line(line) {
                    let fraction = monitor.fraction();
                    let elapsed = started.elapsed().as_secs_f64();
                    let left = (fraction > 0.02).then(|| elapsed * (1.0 - fraction) / fraction);
                    context.report("solving", fraction, left);
                    if monitor.may_stop() {
                        // should it fail the solver just runs on to its limit
                        let _written = fs::write(&stop, "");
                    }
                }
            })
            .await?;
        self.took("simpleFoam", outcome);
        if parallel {
            let outcome = self
                .programs
                .run("reconstructPar", &["-latestTime"], |_| ())
                .await?;
            self.took("reconstructPar", outcome);
            remove_parts(&self.case.dir).map_err(EngineError::io("the parts of the ranks"))?;
        }
        Ok(monitor)
    }

    async fn sample(
        &mut self,
        planes: &Planes,
        density_kg_m3: f64,
    ) -> Result<Vec<Plane>, EngineError> {
        let mut reader = PlaneReader::default();
        let args = [
            "-dict",
            "system/samplingDict",
            "-latestTime",
            "-fields",
            "(p U)",
        ];
        let outcome = self
            .programs
            .run("postProcess", &args, |line| reader.hear(line))
            .await?;
        self.took("postProcess", outcome);
        planes
            .with_pressures(&reader.means, |p| pressure_pa(p, density_kg_m3))
            .ok_or_else(|| {
                EngineError::malformed(&self.case.dir.join("log.postProcess"), "lacks a plane")
            })
    }
}

/// Removes the folders of the ranks, once reconstructed.
fn remove_parts(case: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(case)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with("processor") {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// Everything that follows from the pressures of the planes.
fn numbers(
    bed: &Bed,
    mesh: &Mesh,
    velocity_m_s: f64,
    planes: Vec<Plane>,
) -> Result<FlowNumbers, EngineError> {
    let count = planes.len() as f64;
    let too_few = || {
        EngineError::rejected(
            "too few planes in the core of the bed for a fit",
            &[("planes", count)],
        )
    };
    let Falls {
        total_pa,
        entrance_pa,
        exit_pa,
        core,
    } = falls(&planes).ok_or_else(too_few)?;
    let (d, gradient) = (mesh.particle_diameter_m, -core.slope);
    let (density, viscosity) = (bed.flow.fluid_density_kg_m3, bed.flow.fluid_viscosity_pa_s);
    let comparisons = match mesh.section.tube_diameter_m() {
        Some(tube_diameter_m) if mesh.has_particles => compare(&Conditions {
            particle_diameter_m: d,
            tube_diameter_m,
            porosity: mesh.meshed_porosity,
            superficial_velocity_m_s: velocity_m_s,
            fluid_density_kg_m3: density,
            fluid_viscosity_pa_s: viscosity,
        }),
        _ => Vec::new(),
    };
    Ok(FlowNumbers {
        pressure_drop_pa: total_pa,
        entrance_drop_pa: entrance_pa,
        exit_drop_pa: exit_pa,
        pressure_gradient_pa_m: gradient,
        r_squared: core.r_squared,
        friction_factor: flow::friction_factor(gradient, d, density, velocity_m_s),
        permeability_m2: flow::permeability_m2(gradient, velocity_m_s, viscosity),
        error_band: error_band(mesh),
        planes,
        comparisons,
    })
}

/// What the mesh may have done to the pressure drop: cells of finite size, and a porosity that is not the packing's.
fn error_band(mesh: &Mesh) -> ErrorBand {
    let MeshSettings {
        cells_per_diameter,
        surface_level,
        ..
    } = mesh.settings;
    discretisation_band(cells_per_diameter, surface_level).and(porosity_band(
        mesh.packing.bulk_porosity,
        mesh.meshed_porosity,
    ))
}

#[cfg(test)]
#[path = "solve_tests.rs"]
mod tests;
