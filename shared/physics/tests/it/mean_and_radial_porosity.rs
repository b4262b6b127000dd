use crate::assert_relative;
use physics::porosity::{
    benyahia_oneill, de_klerk_radial, dixon_spheres, giese_radial, zou_yu_dense, zou_yu_loose,
};
use proptest::prelude::*;

#[test]
fn dixon_gives_the_values_of_its_three_branches() {
    assert_relative(dixon_spheres(10.0), 0.409_12, 1e-14);
    assert_relative(dixon_spheres(5.0), 0.426_48, 1e-14);
    assert_relative(dixon_spheres(1.0 / 0.52), 0.528 + 2.464 * 0.02, 1e-12);
    assert_relative(dixon_spheres(1.0), 0.333, 1e-12);
}

#[test]
fn dixon_has_no_jump_where_its_branches_meet() {
    assert_relative(dixon_spheres(2.0 - 1e-9), dixon_spheres(2.0), 1e-6);
    assert_relative(
        dixon_spheres(1.0 / 0.536_001),
        dixon_spheres(1.0 / 0.536),
        1e-3,
    );
}

#[test]
fn zou_and_yu_give_the_values_of_their_branches() {
    assert_relative(zou_yu_loose(10.0), 0.419_113_008_244_161_1, 1e-12);
    assert_relative(zou_yu_dense(10.0), 0.379_241_897_119_662_55, 1e-12);
    assert_relative(zou_yu_loose(2.5), 0.846 - 1.898 * 0.4 + 2.725 * 0.16, 1e-12);
    assert_relative(zou_yu_dense(2.5), 0.681 - 1.363 * 0.4 + 2.241 * 0.16, 1e-12);
    assert_relative(zou_yu_loose(1.5), dixon_spheres(1.5), 0.0);
    assert_relative(zou_yu_dense(1.5), dixon_spheres(1.5), 0.0);
}

#[test]
fn zou_and_yu_hardly_jump_where_their_branches_meet() {
    let jump = |porosity: fn(f64) -> f64, x: f64| {
        (porosity(1.0 / (x + 1e-9)) - porosity(1.0 / (x - 1e-9))).abs()
    };
    assert!(jump(zou_yu_loose, 0.253) < 0.001);
    assert!(jump(zou_yu_dense, 0.256) < 0.009);
}

#[test]
fn benyahia_and_oneill_give_their_value() {
    assert_relative(benyahia_oneill(10.0), 0.390 + 1.740 / 124.0996, 1e-14);
}

#[test]
fn radial_profiles_start_at_the_wall_and_settle_in_the_core() {
    assert_relative(de_klerk_radial(0.0, 0.36), 1.0, 0.0);
    assert_relative(de_klerk_radial(0.5, 0.36), 0.27, 1e-12);
    assert_relative(de_klerk_radial(1.0, 0.36), 0.576_522_923_122_509_6, 1e-12);
    assert_relative(de_klerk_radial(30.0, 0.36), 0.36, 1e-6);
    assert_relative(giese_radial(0.0), 0.8732, 1e-14);
    assert_relative(giese_radial(10.0), 0.37, 1e-12);
}

#[test]
fn the_branches_of_de_klerk_meet() {
    assert_relative(
        de_klerk_radial(0.637, 0.36),
        de_klerk_radial(0.637_001, 0.36),
        5e-3,
    );
}

proptest! {
    #[test]
    fn the_band_of_zou_and_yu_has_its_edges_in_order(ratio in 1.9..200.0) {
        prop_assert!(zou_yu_dense(ratio) < zou_yu_loose(ratio));
    }

    #[test]
    fn wider_tubes_pack_denser(ratio in 4.0..100.0, more in 1.01..3.0) {
        for porosity in [dixon_spheres, zou_yu_loose, zou_yu_dense, benyahia_oneill] {
            prop_assert!(porosity(ratio * more) < porosity(ratio));
        }
    }

    #[test]
    fn every_mean_porosity_is_one(ratio in 1.05..1000.0) {
        for porosity in [dixon_spheres, zou_yu_loose, zou_yu_dense, benyahia_oneill] {
            prop_assert!((0.3..0.8).contains(&porosity(ratio)), "{}", porosity(ratio));
        }
    }
}
