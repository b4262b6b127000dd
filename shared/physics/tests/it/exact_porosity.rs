use crate::arrangements::{Even, TUBE_DIAMETER_M, apart, simple_cubic, sphere};
use crate::assert_relative;
use physics::Sphere;
use physics::porosity::{core_porosity, solid_volume_m3, window_porosity};
use proptest::prelude::*;
use std::f64::consts::PI;

#[test]
fn a_sphere_within_the_wall_counts_with_its_closed_form_volume() {
    let ball = sphere(0.3, 0.0, 2.0, 0.5);
    assert_relative(
        solid_volume_m3(&ball, 1.0, 0.0, 4.0),
        ball.volume_m3(),
        1e-15,
    );
    assert_relative(
        solid_volume_m3(&ball, 1.0, 0.0, 2.0),
        0.5 * ball.volume_m3(),
        1e-15,
    );
    let cap = PI * 0.2_f64.powi(2) * (0.5 - 0.2 / 3.0);
    assert_relative(solid_volume_m3(&ball, 1.0, 2.3, 4.0), cap, 1e-14);
    assert_relative(solid_volume_m3(&ball, 1.0, 2.5, 4.0), 0.0, 0.0);
}

#[test]
fn a_sphere_on_the_axis_of_a_thin_tube_leaves_the_known_cylinder_with_caps() {
    let (sphere_radius, tube) = (1.0_f64, 0.6_f64);
    let half = (sphere_radius * sphere_radius - tube * tube).sqrt();
    let known = 4.0 / 3.0 * PI * (sphere_radius.powi(3) - half.powi(3));
    let got = solid_volume_m3(&sphere(0.0, 0.0, 0.0, sphere_radius), tube, -2.0, 2.0);
    assert_relative(got, known, 1e-12);
}

#[test]
fn a_sphere_through_the_axis_loses_the_known_volume_to_a_tube_of_half_its_size() {
    // Viviani: the tube of radius a/2 that touches the sphere's centre and surface
    let viviani = 2.0 / 3.0 * (PI - 4.0 / 3.0);
    let got = solid_volume_m3(&sphere(0.5, 0.0, 0.0, 1.0), 0.5, -1.0, 1.0);
    assert_relative(got, viviani, 1e-11);
}

#[test]
fn a_bed_of_ten_layers_in_a_wide_tube_is_as_dense_as_its_unit_cell() {
    let unit_cell = 1.0 - PI / 6.0;
    let tube_diameter = 2.0 * 40.0;
    let porosity = window_porosity(&simple_cubic(10), tube_diameter, 2.0, 7.0);
    let in_tube = 1.0 - 100.0 * (1.0 - unit_cell) / (PI * 1600.0);
    assert_relative(porosity, in_tube, 1e-13);
}

#[test]
fn the_porosity_agrees_with_random_points_where_spheres_cross_wall_and_planes() {
    let spheres = [
        sphere(0.8, 0.1, 0.1, 0.4),
        sphere(-0.9, -0.6, 0.5, 0.35),
        sphere(0.0, 0.2, 0.95, 0.5),
        sphere(-0.2, 0.95, 0.6, 0.3),
    ];
    let mut even = Even::new();
    let (mut void, mut points) = (0_u32, 0_u32);
    while points < 400_000 {
        let [x, y, z] = [
            2.0 * even.next() - 1.0,
            2.0 * even.next() - 1.0,
            even.next(),
        ];
        if x.hypot(y) > 1.0 {
            continue;
        }
        points += 1;
        let inside = |ball: &Sphere| ball.centre_distance_m(&sphere(x, y, z, 0.0)) < ball.radius_m;
        void += u32::from(!spheres.iter().any(inside));
    }
    let sampled = f64::from(void) / f64::from(points);
    let exact = window_porosity(&spheres, 2.0, 0.0, 1.0);
    assert!(
        (exact - sampled).abs() < 0.002,
        "exact {exact}, sampled {sampled}"
    );
}

#[test]
fn nothing_is_far_from_the_wall_of_a_narrow_tube() {
    assert_eq!(core_porosity(&[], 0.0145, 0.005, 0.0, 0.1), None);
    assert_eq!(core_porosity(&[], 0.015, 0.005, 0.0, 0.1), Some(1.0));
}

#[test]
fn the_core_leaves_out_the_layer_at_the_wall() {
    let at_wall = [sphere(0.0225, 0.0, 0.05, 0.0025)];
    assert_eq!(
        core_porosity(&at_wall, TUBE_DIAMETER_M, 0.005, 0.0, 0.1),
        Some(1.0)
    );
}

proptest! {
    #[test]
    fn porosity_lies_between_nothing_and_all(spheres in apart(), low in -0.01..0.05, height in 0.001..0.1) {
        let porosity = window_porosity(&spheres, TUBE_DIAMETER_M, low, low + height);
        prop_assert!((0.0..=1.0).contains(&porosity), "{}", porosity);
    }

    #[test]
    fn windows_that_follow_each_other_add_up(spheres in apart(), low in 0.0..0.03, a in 0.001..0.03, b in 0.001..0.03) {
        let void = |from: f64, to: f64| window_porosity(&spheres, TUBE_DIAMETER_M, from, to) * (to - from);
        let apart = void(low, low + a) + void(low + a, low + a + b);
        prop_assert!((void(low, low + a + b) - apart).abs() < 1e-12);
    }

    #[test]
    fn a_bed_measured_in_another_unit_is_as_porous(spheres in apart(), scale in 1e-3..1e3) {
        let scaled: Vec<Sphere> = spheres
            .iter()
            .map(|ball| Sphere { centre_m: ball.centre_m.map(|x| x * scale), radius_m: ball.radius_m * scale })
            .collect();
        let here = window_porosity(&spheres, TUBE_DIAMETER_M, 0.01, 0.06);
        let there = window_porosity(&scaled, TUBE_DIAMETER_M * scale, 0.01 * scale, 0.06 * scale);
        prop_assert!((here - there).abs() < 1e-11);
    }

    #[test]
    fn turning_the_bed_round_its_axis_changes_nothing(spheres in apart(), angle in 0.0..6.3_f64) {
        let (sine, cosine) = angle.sin_cos();
        let turned: Vec<Sphere> = spheres
            .iter()
            .map(|ball| {
                let [x, y, z] = ball.centre_m;
                Sphere { centre_m: [x * cosine - y * sine, x * sine + y * cosine, z], ..*ball }
            })
            .collect();
        let difference = window_porosity(&spheres, TUBE_DIAMETER_M, 0.0, 0.1)
            - window_porosity(&turned, TUBE_DIAMETER_M, 0.0, 0.1);
        prop_assert!(difference.abs() < 1e-11);
    }
}
