use crate::assert_relative;
use physics::flow::{
    TOUCHING_SIMPLE_CUBIC, ZICK_HOMSY, friction_factor, hagen_poiseuille_pa_m, modified_reynolds,
    particle_reynolds, permeability_m2, simple_cubic_pa_m, zick_homsy_drag,
};
use proptest::prelude::*;
use std::f64::consts::PI;

#[test]
fn air_at_a_tenth_of_a_metre_a_second_has_these_numbers() {
    let reynolds = particle_reynolds(0.1, 0.005, 1.225, 1.8e-5);
    assert_relative(reynolds, 34.027_777_777_777_78, 1e-14);
    assert_relative(
        modified_reynolds(reynolds, 0.4),
        56.712_962_962_962_96,
        1e-14,
    );
    assert_relative(friction_factor(12.25, 0.005, 1.225, 0.1), 5.0, 1e-14);
    assert_relative(
        permeability_m2(12.25, 0.1, 1.8e-5),
        1.469_387_755_102_041e-7,
        1e-14,
    );
}

#[test]
fn an_empty_tube_obeys_hagen_and_poiseuille() {
    assert_relative(hagen_poiseuille_pa_m(0.1, 0.05, 1e-3), 1.28, 1e-14);
}

#[test]
fn every_tabulated_array_has_exactly_its_drag() {
    for (solid_fraction, drag) in ZICK_HOMSY {
        assert_relative(zick_homsy_drag(solid_fraction).unwrap(), drag, 1e-14);
    }
}

#[test]
fn a_dilute_array_follows_hasimoto() {
    // Hasimoto (1959): 1/K = 1 − 1.7601 φ^(1/3) + φ − 1.5593 φ²
    for solid_fraction in [0.001_f64, 0.01, 0.04] {
        let series =
            1.0 - 1.7601 * solid_fraction.cbrt() + solid_fraction - 1.5593 * solid_fraction.powi(2);
        assert_relative(zick_homsy_drag(solid_fraction).unwrap(), 1.0 / series, 0.03);
    }
}

#[test]
fn arrays_denser_than_touching_or_emptier_than_empty_do_not_exist() {
    assert_eq!(zick_homsy_drag(0.53), None);
    assert_eq!(zick_homsy_drag(-0.01), None);
    assert_eq!(zick_homsy_drag(f64::NAN), None);
}

#[test]
fn the_touching_array_has_the_gradient_of_its_drag() {
    // one sphere of radius 1/2 in each unit cell
    let gradient = simple_cubic_pa_m(0.5, TOUCHING_SIMPLE_CUBIC, 2.0, 3.0).unwrap();
    assert_relative(gradient, 6.0 * PI * 3.0 * 0.5 * 2.0 * 42.1, 1e-12);
}

proptest! {
    #[test]
    fn denser_arrays_drag_more(solid in 0.0..0.5, more in 0.001..0.02) {
        prop_assert!(zick_homsy_drag(solid + more) > zick_homsy_drag(solid));
    }
}
