use crate::arrangements::{TUBE_DIAMETER_M, apart, simple_cubic, sphere};
use crate::assert_relative;
use physics::contacts::{
    coordination, floor_penetration_ratio, max_overlap_ratio, pairs, wall_penetration_ratio,
};
use proptest::prelude::*;

#[test]
fn a_simple_cubic_block_has_six_contacts_inside_and_three_at_the_corners() {
    let coordination = coordination(&simple_cubic(4), 1e-9);
    // 4³ spheres: 8 corners, 24 on edges, 24 on faces, 8 inside
    assert_eq!(coordination.histogram, [0, 0, 0, 8, 24, 24, 8]);
    assert_relative(
        coordination.mean,
        f64::from(8 * 3 + 24 * 4 + 24 * 5 + 8 * 6) / 64.0,
        1e-15,
    );
}

#[test]
fn a_gap_is_a_contact_when_it_is_within_the_ratio() {
    let two = [sphere(0.0, 0.0, 0.0, 0.5), sphere(1.01, 0.0, 0.0, 0.5)];
    assert_eq!(pairs(&two, 0.0), []);
    assert_eq!(pairs(&two, 0.0101), [(0, 1)]);
}

#[test]
fn the_deepest_overlap_counts_over_the_mean_diameter() {
    let three = [
        sphere(0.0, 0.0, 0.0, 0.5),
        sphere(0.9, 0.0, 0.0, 0.5),
        sphere(0.9, 1.45, 0.0, 1.0),
    ];
    assert_relative(max_overlap_ratio(&three), 0.1, 1e-12);
    assert_relative(max_overlap_ratio(&three[..1]), 0.0, 0.0);
}

#[test]
fn sticking_into_wall_and_floor_counts_over_the_diameter() {
    let two = [sphere(0.0, 4.6, 0.45, 0.5), sphere(0.0, 0.0, 3.0, 0.5)];
    assert_relative(wall_penetration_ratio(&two, 10.0), 0.1, 1e-12);
    assert_relative(floor_penetration_ratio(&two), 0.05, 1e-12);
    assert_relative(wall_penetration_ratio(&two[1..], 10.0), 0.0, 0.0);
    assert_relative(floor_penetration_ratio(&two[1..]), 0.0, 0.0);
}

#[test]
fn no_spheres_touch_nobody() {
    let nobody = coordination(&[], 0.01);
    assert_eq!((nobody.mean, nobody.histogram), (0.0, vec![]));
}

proptest! {
    #[test]
    fn the_cells_find_the_pairs_that_asking_everyone_finds(spheres in apart(), gap in 0.0..0.5) {
        let mut asked = Vec::new();
        for (a, one) in spheres.iter().enumerate() {
            for (b, other) in spheres.iter().enumerate().skip(a + 1) {
                let touching = one.radius_m + other.radius_m;
                if -(touching - one.centre_distance_m(other)) / touching <= gap {
                    asked.push((a, b));
                }
            }
        }
        prop_assert_eq!(pairs(&spheres, gap), asked);
    }

    #[test]
    fn spheres_kept_apart_do_not_overlap(spheres in apart()) {
        prop_assert!(max_overlap_ratio(&spheres) < 1e-12);
        prop_assert!(wall_penetration_ratio(&spheres, 2.0 * TUBE_DIAMETER_M) <= 0.0);
    }
}
