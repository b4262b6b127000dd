//! Beds that cannot be: each refusal says the numbers and what would work.

use crate::bed::Bed;
use crate::error::Problem;

use crate::plan::{Machine, Plan, cells, memory_mb};
use crate::quality::MeshSettings;
use crate::units::{Dimension, readable};

/// Fewest layers that make a bed: below this there is no inside to measure in.
const MIN_LAYERS: f64 = 2.0;
/// Smallest tube-to-particle ratio for which porosity is known and the flow passes.
const MIN_RATIO: f64 = 1.5;

/// Every reason why this bed cannot be on this machine.
pub(crate) fn problems(bed: &Bed, plan: &Plan, machine: &Machine) -> Vec<Problem> {
    if plan.tube_to_particle_ratio < MIN_RATIO {
        return vec![too_narrow(bed, plan)];
    }
    [
        too_shallow(bed, plan),
        too_high(bed, plan),
        too_large(bed, plan, machine),
        too_long(plan, machine),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn too_narrow(bed: &Bed, plan: &Plan) -> Problem {
    let widest = at_most(bed.geometry.diameter_m / MIN_RATIO);
    Problem::new(
        "/particles/diameter_m",
        format!(
            "the tube is {:.2} particle diameters wide and at least {MIN_RATIO} are needed: \
             particles of at most {widest}, or a tube of at least {}, would do",
            plan.tube_to_particle_ratio,
            at_least(bed.particles.diameter_m * MIN_RATIO),
        ),
    )
}

fn too_shallow(bed: &Bed, plan: &Plan) -> Option<Problem> {
    let smallest_m = MIN_LAYERS * bed.particles.diameter_m;
    (plan.layers < MIN_LAYERS).then(|| {
        let cure = if bed.particles.count.is_some() {
            format!(
                "at least {} would do",
                bed.count_reaching(smallest_m, plan.porosity_expected)
            )
        } else {
            format!("a height of at least {} would do", at_least(smallest_m + 0.5 * bed.height_per_particle_m(plan.porosity_expected)))
        };
        Problem::new(
            quantity_pointer(bed),
            format!(
                "{} particles make a bed {} high, {:.1} layers, and at least {MIN_LAYERS} are needed: {cure}",
                plan.particle_count,
                length(plan.expected_bed_height_m),
                plan.layers,
            ),
        )
    })
}

/// A loose packing has to fit too: what lies above the rim is lost.
fn too_high(bed: &Bed, plan: &Plan) -> Option<Problem> {
    let tube_m = bed.geometry.height_m;
    let loose_m = bed.height_at_m(plan.porosity_high);
    (loose_m > tube_m).then(|| {
        Problem::new(
            quantity_pointer(bed),
            format!(
                "{} particles make a bed {} to {} high and the tube is {}: \
                 at most {} particles, or a tube of at least {}, would do",
                plan.particle_count,
                length(bed.height_at_m(plan.porosity_low)),
                length(loose_m),
                length(tube_m),
                bed.count_within(tube_m, plan.porosity_high),
                at_least(loose_m),
            ),
        )
    })
}

fn too_large(bed: &Bed, plan: &Plan, machine: &Machine) -> Option<Problem> {
    (plan.memory_mb > machine.memory_mb).then(|| {
        let settings = MeshSettings::resolve(&bed.flow);
        Problem::new(
            "/flow/cells_per_diameter",
            format!(
                "{} cells need about {:.0} MB and the machine has {:.0} MB: {}",
                plan.cells,
                plan.memory_mb,
                machine.memory_mb,
                smaller_mesh(bed, &settings, machine),
            ),
        )
    })
}

fn smaller_mesh(bed: &Bed, settings: &MeshSettings, machine: &Machine) -> String {
    let fitting = (4..100_u32)
        .rev()
        .map(f64::from)
        .find(|&cells_per_diameter| {
            memory_mb(cells(
                bed,
                &MeshSettings {
                    cells_per_diameter,
                    ..*settings
                },
            )) <= machine.memory_mb
        });
    match fitting {
        Some(cells_per_diameter) => format!(
            "{cells_per_diameter} cells per diameter at surface level {} would fit",
            settings.surface_level
        ),
        None => {
            "even 4 cells per diameter would not fit: fewer particles, or a larger machine".into()
        }
    }
}

fn too_long(plan: &Plan, machine: &Machine) -> Option<Problem> {
    (plan.minutes > machine.max_minutes).then(|| {
        Problem::new(
            "/flow",
            format!(
                "packing takes about {:.0} minutes, meshing {:.0}, solving {:.0}; at most {:.0} in all are allowed: \
                 a coarser quality, fewer velocities or fewer particles would do",
                plan.packing_minutes, plan.meshing_minutes, plan.solving_minutes, machine.max_minutes,
            ),
        )
    })
}

/// The parameter that says how many particles there are.
fn quantity_pointer(bed: &Bed) -> &'static str {
    if bed.particles.count.is_some() {
        "/particles/count"
    } else {
        "/particles/target_height_m"
    }
}

/// A length rounded to three digits.
fn length(metres: f64) -> String {
    rounded(metres, f64::round)
}

/// A length rounded up to three digits.
fn at_least(metres: f64) -> String {
    rounded(metres, f64::ceil)
}

/// A length rounded down to three digits.
fn at_most(metres: f64) -> String {
    rounded(metres, f64::floor)
}

fn rounded(metres: f64, round: fn(f64) -> f64) -> String {
    let digit_m = 10_f64.powf(metres.log10().floor() - 2.0);
    let value = round(metres / digit_m) * digit_m;
    readable(
        format!("{value:.2e}").parse().unwrap_or(value),
        Dimension::Length,
    )
}
