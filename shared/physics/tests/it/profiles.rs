use crate::arrangements::{TUBE_DIAMETER_M, apart, sphere};
use crate::assert_relative;
use physics::Sphere;
use physics::porosity::{axial_profile, radial_porosity, radial_profile, window_porosity};
use proptest::prelude::*;
use std::f64::consts::PI;

#[test]
fn a_sphere_on_the_axis_covers_the_height_of_its_chord_at_every_radius() {
    let ball = [sphere(0.0, 0.0, 0.5, 0.3)];
    for radius in [0.0, 0.1, 0.25, 0.299] {
        let chord = 2.0 * (0.09_f64 - radius * radius).sqrt();
        assert_relative(radial_porosity(&ball, radius, 0.0, 1.0), 1.0 - chord, 1e-12);
    }
    assert_relative(radial_porosity(&ball, 0.3, 0.0, 1.0), 1.0, 0.0);
}

#[test]
fn spheres_that_touch_the_wall_leave_it_free() {
    let ball = [sphere(0.7, 0.0, 0.5, 0.3)];
    let wall = radial_profile(&ball, 2.0, 0.0, 1.0, 11)[10];
    assert_relative(wall.position_m, 1.0, 1e-15);
    assert_relative(wall.porosity, 1.0, 1e-9);
}

#[test]
fn slices_say_where_they_are_and_see_only_their_own_spheres() {
    let profile = axial_profile(&[sphere(0.0, 0.0, 0.25, 0.2)], 2.0, 0.0, 1.0, 2);
    assert_relative(profile[0].position_m, 0.25, 1e-15);
    assert_relative(profile[0].porosity, 1.0 - 4.0 / 3.0 * 0.008 / 0.5, 1e-14);
    assert_relative(profile[1].porosity, 1.0, 0.0);
}

#[test]
fn profiles_of_no_points_are_empty() {
    assert!(axial_profile(&[], 1.0, 0.0, 1.0, 0).is_empty());
    assert!(radial_profile(&[], 1.0, 0.0, 1.0, 0).is_empty());
}

/// Porosity of the window from the radial profile alone, by Simpson's rule over the circular area.
fn bulk_from_radial(spheres: &[Sphere], low: f64, high: f64, intervals: usize) -> f64 {
    let profile = radial_profile(spheres, TUBE_DIAMETER_M, low, high, intervals + 1);
    let radius = 0.5 * TUBE_DIAMETER_M;
    let weight = |index: usize| match index {
        0 => 1.0,
        last if last == intervals => 1.0,
        odd if odd % 2 == 1 => 4.0,
        _ => 2.0,
    };
    let sum: f64 = profile
        .iter()
        .enumerate()
        .map(|(index, point)| weight(index) * point.porosity * 2.0 * PI * point.position_m)
        .sum();
    sum * radius / intervals as f64 / 3.0 / (PI * radius * radius)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_mean_of_the_slices_is_the_window(spheres in apart(), slices in 1_usize..40) {
        let profile = axial_profile(&spheres, TUBE_DIAMETER_M, 0.004, 0.09, slices);
        let mean = profile.iter().map(|slice| slice.porosity).sum::<f64>() / slices as f64;
        let window = window_porosity(&spheres, TUBE_DIAMETER_M, 0.004, 0.09);
        prop_assert!((mean - window).abs() < 1e-12);
    }

    #[test]
    fn the_radial_profile_integrates_to_the_window(spheres in apart()) {
        let radial = bulk_from_radial(&spheres, 0.01, 0.08, 800);
        let window = window_porosity(&spheres, TUBE_DIAMETER_M, 0.01, 0.08);
        prop_assert!((radial - window).abs() < 2e-6, "{radial} against {window}");
    }

    #[test]
    fn radial_porosity_lies_between_nothing_and_all(spheres in apart()) {
        for point in radial_profile(&spheres, TUBE_DIAMETER_M, 0.0, 0.1, 30) {
            prop_assert!((-1e-12..=1.0).contains(&point.porosity), "{point:?}");
        }
    }
}
