use crate::arrangements::{simple_cubic, sphere};
use crate::assert_relative;
use physics::porosity::{Window, bed_height_m, measuring_window};

#[test]
fn flat_layers_end_at_the_top_of_the_last_one() {
    assert_relative(bed_height_m(&simple_cubic(6)), 6.0, 1e-15);
}

#[test]
fn one_sphere_on_top_of_a_layer_moves_the_height_by_its_share_only() {
    let mut spheres = simple_cubic(5);
    spheres.push(sphere(2.5, 2.5, 4.5 + 0.5_f64.sqrt(), 0.5));
    // it hides the four spheres it lies on, 21 others of the layer stay in sight
    assert_relative(bed_height_m(&spheres), 5.0 + 0.5_f64.sqrt() / 22.0, 1e-12);
}

#[test]
fn deeper_spheres_hidden_by_the_layer_above_do_not_count() {
    let column = [sphere(0.0, 0.0, 0.5, 0.5), sphere(0.3, 0.0, 1.4, 0.5)];
    assert_relative(bed_height_m(&column), 1.9, 1e-15);
}

#[test]
fn no_spheres_have_no_height() {
    assert_relative(bed_height_m(&[]), 0.0, 0.0);
}

#[test]
fn the_window_lies_a_diameter_inside_each_end() {
    assert_eq!(
        measuring_window(10.0, 1.0),
        Some(Window {
            low_m: 1.0,
            high_m: 9.0
        })
    );
}

#[test]
fn a_bed_of_two_diameters_has_no_inside() {
    assert_eq!(measuring_window(2.0, 1.0), None);
}
