use crate::assert_relative;
use physics::Error;
use physics::uncertainty::{
    Level, SAFETY_THREE_MESHES, grid_convergence_index, line_fit, observed_order, richardson,
};
use proptest::prelude::*;

fn level(value: f64, cell_size_m: f64) -> Level {
    Level { value, cell_size_m }
}

#[test]
fn the_published_three_mesh_example_is_met() {
    // Celik et al. (2008), table 1, case 1: reattachment length on 18 000, 8 000 and 4 500 cells
    let [fine, medium, coarse] = [level(6.063, 1.0), level(5.972, 1.5), level(5.863, 2.0)];
    let order = observed_order(fine, medium, coarse).unwrap();
    assert_relative(order, 1.53, 0.005);
    assert_relative(richardson(fine, medium, order).unwrap(), 6.1685, 1e-4);
    let band = grid_convergence_index(fine, medium, order, SAFETY_THREE_MESHES).unwrap();
    assert_relative(band, 0.022, 0.02);
}

#[test]
fn values_that_go_back_and_forth_have_no_order() {
    let oscillating = observed_order(level(1.0, 1.0), level(1.1, 2.0), level(1.0, 4.0));
    assert_eq!(
        oscillating,
        Err(Error::NotMonotonic {
            fine: 1.0,
            medium: 1.1,
            coarse: 1.0
        })
    );
    assert!(observed_order(level(1.0, 1.0), level(1.0, 2.0), level(1.0, 4.0)).is_err());
}

#[test]
fn values_that_run_away_from_a_limit_have_no_order() {
    assert!(observed_order(level(1.0, 1.0), level(1.2, 2.0), level(1.3, 4.0)).is_err());
}

#[test]
fn meshes_must_be_given_from_fine_to_coarse() {
    assert_eq!(
        richardson(level(1.0, 2.0), level(1.1, 1.0), 2.0),
        Err(Error::CellSizes)
    );
    assert_eq!(
        richardson(level(1.0, 0.0), level(1.1, 1.0), 2.0),
        Err(Error::CellSizes)
    );
}

#[test]
fn a_line_needs_two_points_at_different_places() {
    assert_eq!(
        line_fit(&[(1.0, 2.0)]),
        Err(Error::TooFewPoints {
            needed: 2,
            given: 1
        })
    );
    assert_eq!(
        line_fit(&[(1.0, 2.0), (1.0, 3.0)]),
        Err(Error::SameAbscissa)
    );
}

#[test]
fn scattered_points_have_the_known_line_and_share() {
    let fit = line_fit(&[(0.0, 1.0), (1.0, 3.0), (2.0, 2.0), (3.0, 6.0)]).unwrap();
    assert_relative(fit.slope, 1.4, 1e-14);
    assert_relative(fit.intercept, 0.9, 1e-14);
    assert_relative(fit.r_squared, 0.7, 1e-14);
}

#[test]
fn a_constant_is_a_line_that_explains_everything() {
    let fit = line_fit(&[(0.0, 4.0), (1.0, 4.0), (5.0, 4.0)]).unwrap();
    assert_eq!((fit.slope, fit.intercept, fit.r_squared), (0.0, 4.0, 1.0));
}

proptest! {
    #[test]
    fn an_exact_power_law_is_found_again(
        limit in -10.0..10.0_f64, error in prop_oneof![-2.0..-0.1, 0.1..2.0], order in 0.5..4.0,
        ratio_fine in 1.2..2.5, ratio_coarse in 1.2..2.5,
    ) {
        let at = |size: f64| level(limit + error * size.powf(order), size);
        let [fine, medium, coarse] = [at(1.0), at(ratio_fine), at(ratio_fine * ratio_coarse)];
        let found = observed_order(fine, medium, coarse).unwrap();
        prop_assert!((found - order).abs() < 1e-6, "{found} is not {order}");
        let extrapolated = richardson(fine, medium, order).unwrap();
        prop_assert!((extrapolated - limit).abs() < 1e-9);
    }

    #[test]
    fn points_on_a_line_give_that_line(slope in -5.0..5.0_f64, intercept in -5.0..5.0_f64, count in 2_usize..30) {
        let points: Vec<(f64, f64)> = (0..count).map(|n| (n as f64, intercept + slope * n as f64)).collect();
        let fit = line_fit(&points).unwrap();
        prop_assert!((fit.slope - slope).abs() < 1e-9 && (fit.intercept - intercept).abs() < 1e-9);
        prop_assert!(fit.r_squared > 1.0 - 1e-6);
    }
}
