use bed::MeshSettings;

use super::*;
use crate::openfoam::vector::dot;
use crate::openfoam::{PackingNumbers, Section};

const PAIR: [Sphere; 2] = [
    Sphere {
        centre_m: [0.0, 0.0, 0.0],
        radius_m: 0.5,
    },
    Sphere {
        centre_m: [1.0, 0.0, 0.0],
        radius_m: 0.5,
    },
];

fn bridges(spheres: &[Sphere], tube_diameter_m: f64, treatment: ContactTreatment) -> Bridges {
    Bridges::of(&Setup {
        section: Section::Tube {
            diameter_m: tube_diameter_m,
        },
        spheres: spheres.to_vec(),
        particle_diameter_m: 1.0,
        packing: PackingNumbers {
            bed_height_m: 1.0,
            window_low_m: 0.0,
            window_high_m: 1.0,
            bulk_porosity: 0.5,
        },
        settings: MeshSettings {
            contact_treatment: treatment,
            contact_size: 0.1,
            ..MeshSettings::resolve(&bed::Flow::default())
        },
    })
}

#[test]
fn bridges_close_the_gap_and_lie_inside_the_spheres_at_both_ends() {
    let bridges = bridges(&PAIR, 10.0, ContactTreatment::Bridge);
    let along = || bridges.points.iter().map(|p| p[0]);
    let (lowest, highest) = (
        along().fold(f64::INFINITY, f64::min),
        along().fold(f64::NEG_INFINITY, f64::max),
    );
    assert!(lowest < 0.4 && highest > 0.6, "{lowest} {highest}");
    assert!(
        bridges
            .points
            .iter()
            .all(|p| (p[1].hypot(p[2]) - 0.1).abs() < 1e-9 || p[1].hypot(p[2]) < 1e-9)
    );
}

#[test]
fn bridges_are_closed_and_face_outwards() {
    let bridge = bridge(&PAIR[0], [0.0, 0.6, 0.8], 0.1);
    let corners = bridge.triangles.iter().map(|t| t.map(|i| bridge.points[i]));
    let six_volumes: f64 = corners.map(|[a, b, c]| dot(a, cross(b, c))).sum();
    // a prism of 24 sides with the circle's radius, from 0.389 898 to 0.52 over the centre
    let base = 0.5 * 24.0 * 0.01 * (2.0 * PI / 24.0).sin();
    let height = 1.04 * 0.5 - (0.25_f64 - 0.01).sqrt() + 0.1;
    assert!((six_volumes / 6.0 / (base * height) - 1.0).abs() < 1e-9);
}

#[test]
fn a_sphere_at_the_wall_gets_a_bridge_to_it() {
    let with = |tube_m| bridges(&PAIR[1..], tube_m, ContactTreatment::Bridge);
    assert!(!with(3.0).is_empty() && with(3.2).is_empty());
}

#[test]
fn contacts_that_are_not_bridged_have_no_bridges() {
    for treatment in [ContactTreatment::None, ContactTreatment::Shrink] {
        assert!(bridges(&PAIR, 3.0, treatment).is_empty(), "{treatment:?}");
    }
}
