//! From the table of particles to the numbers of a packing.

use bed::Bed;
use physics::Sphere;
use physics::contacts;
use physics::porosity::{self, Window};

use super::packing::{ExpectedPorosity, Packing, Seconds, Versions};
use super::table::Particle;
use crate::EngineError;

/// Two particles closer than this share of d touch: the physics leaves gaps and overlaps of about 1e-4 d.
const CONTACT_GAP_RATIO: f64 = 1e-3;
/// Slices of the axial profile and steps of the radial one for each particle diameter.
const POINTS_PER_DIAMETER: f64 = 20.0;
const MOST_POINTS: f64 = 2000.0;

/// Measures the particles inside. A bed without a measuring window (two diameters or lower) is rejected.
pub(super) fn analyse(
    bed: &Bed,
    table: &[Particle],
    moving: &[u32],
) -> Result<Packing, EngineError> {
    let (tube_diameter_m, diameter_m) = (bed.geometry.diameter_m, bed.particles.diameter_m);
    let particles: Vec<Sphere> = table
        .iter()
        .filter(|row| row.inside)
        .map(|row| row.sphere)
        .collect();
    let bed_height_m = porosity::bed_height_m(&particles);
    let window = porosity::measuring_window(bed_height_m, diameter_m)
        .ok_or_else(|| no_window(table.len(), particles.len(), bed_height_m))?;
    let Window { low_m, high_m } = window;
    let coordination = contacts::coordination(&particles, CONTACT_GAP_RATIO);
    let slices = points(bed_height_m / diameter_m);
    let steps = points(0.5 * tube_diameter_m / diameter_m) + 1;
    Ok(Packing {
        count: table.len(),
        inside: particles.len(),
        escaped: table
            .iter()
            .filter(|row| !row.inside)
            .map(|row| row.id)
            .collect(),
        settled: moving.is_empty(),
        moving: moving.to_vec(),
        max_overlap_ratio: contacts::max_overlap_ratio(&particles),
        wall_penetration_ratio: contacts::wall_penetration_ratio(&particles, tube_diameter_m),
        floor_penetration_ratio: contacts::floor_penetration_ratio(&particles),
        bed_height_m,
        window_low_m: low_m,
        window_high_m: high_m,
        bulk_porosity: porosity::window_porosity(&particles, tube_diameter_m, low_m, high_m),
        core_porosity: porosity::core_porosity(
            &particles,
            tube_diameter_m,
            diameter_m,
            low_m,
            high_m,
        ),
        axial_profile: porosity::axial_profile(
            &particles,
            tube_diameter_m,
            0.0,
            bed_height_m,
            slices,
        ),
        radial_profile: porosity::radial_profile(&particles, tube_diameter_m, low_m, high_m, steps),
        mean_coordination: coordination.mean,
        coordination: coordination.histogram,
        expected: expected(bed.tube_to_particle_ratio()),
        particles,
        simulated_s: 0.0,
        versions: Versions {
            blender: String::new(),
            leito: env!("CARGO_PKG_VERSION").to_owned(),
        },
        times_s: Seconds::default(),
        peak_memory_mb: 0.0,
        files: Vec::new(),
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to a few thousand"
)]
fn points(diameters: f64) -> usize {
    (diameters * POINTS_PER_DIAMETER)
        .ceil()
        .clamp(1.0, MOST_POINTS) as usize
}

fn expected(tube_to_particle_ratio: f64) -> ExpectedPorosity {
    ExpectedPorosity {
        dixon: porosity::dixon_spheres(tube_to_particle_ratio),
        zou_yu_dense: porosity::zou_yu_dense(tube_to_particle_ratio),
        zou_yu_loose: porosity::zou_yu_loose(tube_to_particle_ratio),
        benyahia_oneill: porosity::benyahia_oneill(tube_to_particle_ratio),
    }
}

fn no_window(count: usize, inside: usize, bed_height_m: f64) -> EngineError {
    let what = format!(
        "{inside} of {count} particles are inside the tube and reach a height of {bed_height_m:.4} m: \
         no bed to measure, which takes more than two particle diameters"
    );
    let numbers = [
        ("count", count as f64),
        ("inside", inside as f64),
        ("bed_height_m", bed_height_m),
    ];
    EngineError::rejected(what, &numbers)
}
