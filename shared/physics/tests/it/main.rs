#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod arrangements;
mod bed_height;
mod contacts;
mod error_band;
mod exact_cases;
mod exact_porosity;
mod mean_and_radial_porosity;
mod pressure_drop;
mod profiles;
mod uncertainty;

/// Fails unless the two agree to a share of the wanted value.
#[track_caller]
fn assert_relative(got: f64, want: f64, tolerance: f64) {
    assert!(
        (got - want).abs() <= tolerance * want.abs(),
        "{got} is not {want} to {tolerance}"
    );
}
