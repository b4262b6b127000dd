//! What a packing must be to be handed on. Success is a matter of numbers, never of an exit code.

use bed::Bed;

use super::packing::Packing;
use crate::EngineError;

/// Least share of the particles that is inside.
pub const LEAST_INSIDE: f64 = 0.99;
/// Deepest overlap of two particles, over d.
pub const MOST_OVERLAP: f64 = 1e-3;
/// Deepest penetration of wall or floor, over d.
pub const MOST_PENETRATION: f64 = 1e-3;
/// How many ids a sentence names.
const NAMED: usize = 10;

/// `Ok`, or [`EngineError::Rejected`] naming everything that is wrong.
pub(super) fn judge(bed: &Bed, packing: &Packing) -> Result<(), EngineError> {
    let complaints: Vec<String> = [
        escaped(packing),
        moving(bed, packing),
        overlap(packing),
        penetration(packing),
    ]
    .into_iter()
    .flatten()
    .collect();
    if complaints.is_empty() {
        return Ok(());
    }
    let numbers = [
        ("count", packing.count as f64),
        ("inside", packing.inside as f64),
        ("moving", packing.moving.len() as f64),
        ("max_overlap_ratio", packing.max_overlap_ratio),
        ("wall_penetration_ratio", packing.wall_penetration_ratio),
        ("floor_penetration_ratio", packing.floor_penetration_ratio),
        ("bulk_porosity", packing.bulk_porosity),
        ("bed_height_m", packing.bed_height_m),
    ];
    Err(EngineError::rejected(
        format!("the packing is not usable: {}", complaints.join("; ")),
        &numbers,
    ))
}

fn escaped(packing: &Packing) -> Option<String> {
    let share = packing.inside as f64 / packing.count.max(1) as f64;
    (share < LEAST_INSIDE).then(|| {
        let (inside, count, ids) = (packing.inside, packing.count, named(&packing.escaped));
        format!("{inside} of {count} particles are inside the tube ({ids} are not)")
    })
}

fn moving(bed: &Bed, packing: &Packing) -> Option<String> {
    (!packing.settled).then(|| {
        let (ids, limit) = (named(&packing.moving), bed.packing.max_time_s);
        format!(
            "{} particles still move after {limit} s ({ids})",
            packing.moving.len()
        )
    })
}

fn overlap(packing: &Packing) -> Option<String> {
    let ratio = packing.max_overlap_ratio;
    (ratio > MOST_OVERLAP).then(|| {
        format!(
            "particles overlap by {:.3} % of d, at most 0.1 % is allowed",
            100.0 * ratio
        )
    })
}

fn penetration(packing: &Packing) -> Option<String> {
    let ratio = packing
        .wall_penetration_ratio
        .max(packing.floor_penetration_ratio);
    (ratio > MOST_PENETRATION).then(|| {
        format!(
            "particles are {:.3} % of d deep in the wall, at most 0.1 % is allowed",
            100.0 * ratio
        )
    })
}

fn named(ids: &[u32]) -> String {
    let first: Vec<String> = ids.iter().take(NAMED).map(u32::to_string).collect();
    let rest = if ids.len() > NAMED { " …" } else { "" };
    format!("particles {}{rest}", first.join(", "))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use bed::Bed;
    use physics::Sphere;

    use super::judge;
    use crate::blender::Particle;
    use crate::blender::analysis::analyse;

    /// A pile of spheres of 10 mm on the axis of a narrow tube, `step_m` apart and `aside_m` from the axis.
    fn complaint(
        step_m: f64,
        aside_m: f64,
        inside: fn(u32) -> bool,
        moving: &[u32],
    ) -> Option<String> {
        let bed = Bed::new("pile", 0.02, 1.0, 0.01, 50);
        let sphere = |id: u32| Sphere {
            centre_m: [aside_m, 0.0, 0.005 + step_m * f64::from(id)],
            radius_m: 0.005,
        };
        let table: Vec<Particle> = (0..50)
            .map(|id| Particle {
                id,
                sphere: sphere(id),
                inside: inside(id),
            })
            .collect();
        let packing = analyse(&bed, &table, moving).unwrap();
        judge(&bed, &packing).err().map(|error| error.to_string())
    }

    #[test]
    fn a_sound_packing_passes() {
        assert_eq!(complaint(0.01, 0.005, |_| true, &[]), None);
        assert_eq!(complaint(0.009_991, 0.0, |_| true, &[]), None);
    }

    #[test]
    fn every_gate_says_what_is_wrong_and_by_how_much() {
        let cases = [
            (
                complaint(0.009_98, 0.0, |_| true, &[]),
                "particles overlap by 0.200 % of d",
            ),
            (
                complaint(0.01, 0.005_02, |_| true, &[]),
                "particles are 0.200 % of d deep in the wall",
            ),
            (
                complaint(0.01, 0.0, |id| id != 7, &[]),
                "49 of 50 particles are inside the tube (particles 7 are not)",
            ),
            (
                complaint(0.01, 0.0, |_| true, &[3, 4]),
                "2 particles still move after 10 s (particles 3, 4)",
            ),
        ];
        for (complaint, expected) in cases {
            let complaint = complaint.unwrap();
            assert!(complaint.contains(expected), "{complaint}");
        }
    }
}
