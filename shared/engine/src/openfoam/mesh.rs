//! Meshes a bed and judges the mesh: cells that work, one region, and the porosity of the packing.

use std::path::Path;

use bed::{Bed, MeshSettings};
use physics::Sphere;
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::check::{Check, Quality};
use super::domain::{Background, Section, Setup};
use super::poly_mesh::PolyMesh;
use super::run::Programs;
use crate::process::{Command, Outcome};
use crate::{Context, EngineError};

/// Archive of a meshed case, in the run's folder.
pub const MESH_ARCHIVE: &str = "mesh.tar.gz";

/// What meshing needs to know of a packing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PackingNumbers {
    /// Height of the bed above the floor.
    pub bed_height_m: f64,
    /// Lower end of the measuring window.
    pub window_low_m: f64,
    /// Upper end of the measuring window.
    pub window_high_m: f64,
    /// Porosity in the window.
    pub bulk_porosity: f64,
}

/// A mesh that passed its gates. Its case lies in the run's folder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mesh {
    /// Cross-section of the domain.
    pub section: Section,
    /// The box it was cut from.
    pub background: Background,
    /// Length by which cells are measured.
    pub particle_diameter_m: f64,
    /// Whether the domain holds particles.
    pub has_particles: bool,
    /// The packing it was made from.
    pub packing: PackingNumbers,
    /// How it was made.
    pub settings: MeshSettings,
    /// Number of cells.
    pub cells: usize,
    /// Fluid volume of the mesh in the measuring window over the window's volume.
    pub meshed_porosity: f64,
    /// Meshed less packed porosity.
    pub porosity_difference: f64,
    /// Shape of the worst cells.
    pub quality: Quality,
    /// Wall time of all meshing programs.
    pub seconds: f64,
    /// Largest memory of them.
    pub peak_memory_mb: f64,
}

/// Meshes the flow domain of a bed. Leaves the case and [`MESH_ARCHIVE`] in the context's folder.
pub async fn mesh(
    bed: &Bed,
    spheres: &[Sphere],
    packing: &PackingNumbers,
    context: &Context,
) -> Result<Mesh, EngineError> {
    mesh_setup(&Setup::of_bed(bed, spheres, packing), context).await
}

/// Meshes any domain this crate can describe: beds, and the exact cases that the solver is judged on.
pub async fn mesh_setup(setup: &Setup, context: &Context) -> Result<Mesh, EngineError> {
    let case = Case::of(&context.dir);
    case.create(setup)?;
    let programs = Programs::of(&case, context);
    let mut steps = Steps::new(context);
    let block = programs.run("blockMesh", &[], |_| ()).await?;
    let snappy = programs
        .run("snappyHexMesh", &["-overwrite"], |line| steps.hear(line))
        .await?;
    case.forget_mesh_motion()?;
    let mut check = Check::default();
    let checked = programs
        .run("checkMesh", &[], |line| check.hear(line))
        .await?;
    let quality = check.judge()?;

    let porosity = meshed_porosity(setup, &PolyMesh::read(&case.dir)?);
    let mesh = Mesh {
        section: setup.section,
        background: setup.background(),
        particle_diameter_m: setup.particle_diameter_m,
        has_particles: !setup.spheres.is_empty(),
        packing: setup.packing,
        settings: setup.settings,
        cells: quality.cells,
        meshed_porosity: porosity,
        porosity_difference: porosity - setup.packing.bulk_porosity,
        quality,
        seconds: block.seconds + snappy.seconds + checked.seconds,
        peak_memory_mb: block
            .peak_memory_mb
            .max(snappy.peak_memory_mb)
            .max(checked.peak_memory_mb),
    };
    mesh.judge_porosity()?;
    pack(&context.dir, &context.dir.join(MESH_ARCHIVE), &[], context).await?;
    context.report("meshing", 1.0, Some(0.0));
    Ok(mesh)
}

/// Unpacks [`MESH_ARCHIVE`] of an earlier run into the context's folder, so that flows can be solved on it.
pub async fn restore_mesh(archive: &Path, context: &Context) -> Result<(), EngineError> {
    Command::new("tar-restore", "tar", &context.dir)
        .args(["--extract", "--gzip", "--file"])
        .arg(archive)
        .run(&context.cancel, |_| ())
        .await?;
    Ok(())
}

/// Writes the case of a run as a gzip-compressed tar archive.
pub async fn pack(
    run: &Path,
    archive: &Path,
    exclude: &[&str],
    context: &Context,
) -> Result<Outcome, EngineError> {
    Command::new("tar", "tar", run)
        .args([
            "--create",
            "--use-compress-program=gzip -1",
            "--exclude=processor*",
        ])
        .args(exclude.iter().map(|pattern| format!("--exclude={pattern}")))
        .arg("--file")
        .arg(archive)
        .arg("case")
        .run(&context.cancel, |_| ())
        .await
}

impl Mesh {
    /// Length of a cell in the bed, away from surfaces.
    pub fn cell_m(&self) -> f64 {
        self.particle_diameter_m / self.settings.cells_per_diameter
    }

    fn judge_porosity(&self) -> Result<(), EngineError> {
        let bound = self.settings.porosity_tolerance;
        if self.porosity_difference.abs() <= bound {
            return Ok(());
        }
        let what = format!(
            "the mesh has a porosity of {:.4}, the packing {:.4}: a difference of {:+.4} where ±{bound} is allowed; \
             more cells per diameter or a higher surface level bring them together",
            self.meshed_porosity, self.packing.bulk_porosity, self.porosity_difference
        );
        Err(EngineError::rejected(
            what,
            &[
                ("meshed_porosity", self.meshed_porosity),
                ("packed_porosity", self.packing.bulk_porosity),
                ("porosity_difference", self.porosity_difference),
                ("porosity_tolerance", bound),
            ],
        ))
    }
}

fn meshed_porosity(setup: &Setup, mesh: &PolyMesh) -> f64 {
    let (low, high) = (setup.packing.window_low_m, setup.packing.window_high_m);
    mesh.fluid_volume_m3(low, high) / (setup.section.area_m2() * (high - low))
}

/// Steps the mesher has passed, as a share of those it always takes. A count of steps, not of time: no rate is known
/// before the end, so no time is promised.
struct Steps<'a> {
    context: &'a Context,
    passed: usize,
}

impl<'a> Steps<'a> {
    /// Words that open the mesher's steps, in order.
    const OPENINGS: [&'static str; 9] = [
        "Surface refinement iteration 0",
        "Surface refinement iteration 1",
        "Shell refinement iteration 0",
        "Splitting mesh at surface intersections",
        "Removing mesh beyond surface intersections",
        "Handling cells with snap problems",
        "Morphing phase",
        "Morph iteration 0",
        "Finished meshing",
    ];

    fn new(context: &'a Context) -> Self {
        context.report("meshing", 0.0, None);
        Self { context, passed: 0 }
    }

    fn hear(&mut self, line: &str) {
        let ahead = &Self::OPENINGS[self.passed..];
        if let Some(step) = ahead.iter().position(|opening| line.starts_with(opening)) {
            self.passed += step + 1;
            let fraction = self.passed as f64 / (Self::OPENINGS.len() + 1) as f64;
            self.context.report("meshing", fraction, None);
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::sync::{Arc, Mutex};

    use super::*;

    #[test]
    fn the_mesher_is_as_far_as_its_own_words_say_and_never_turns_back() {
        let told: Arc<Mutex<Vec<f64>>> = Arc::default();
        let listener = Arc::clone(&told);
        let mut context = Context::new("", 1);
        context.progress =
            Arc::new(move |progress| listener.lock().unwrap().push(progress.fraction));
        let mut steps = Steps::new(&context);
        for line in [
            "Create time",
            "Surface refinement iteration 0",
            "After refinement surface refinement iteration 0 : cells:72806",
            "Splitting mesh at surface intersections",
            "Surface refinement iteration 1",
            "Morph iteration 0",
            "Morph iteration 1",
            "Finished meshing without any errors",
        ] {
            steps.hear(line);
        }
        assert_eq!(*told.lock().unwrap(), [0.0, 0.1, 0.4, 0.8, 0.9]);
    }
}
