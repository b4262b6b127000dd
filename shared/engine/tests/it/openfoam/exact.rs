//! Flows that are known exactly, through the same code as every bed.

use engine::Context;
use engine::openfoam::exact::{Exact, solve_empty_tube, solve_simple_cubic};

use super::settings;

async fn simple_cubic(cells_per_diameter: f64, surface_level: u32) -> Exact {
    let dir = tempfile::tempdir().unwrap();
    let settings = settings(cells_per_diameter, surface_level, 0.2);
    let exact = solve_simple_cubic(settings, &Context::new(dir.path(), 2))
        .await
        .unwrap();
    assert!(exact.flow.converged, "{:?}", exact.flow.why_not_converged);
    let band = exact.flow.numbers.as_ref().unwrap().error_band;
    let [low, high] = band.around(exact.ratio);
    assert!(
        (low..=high).contains(&1.0),
        "{cells_per_diameter}+{surface_level}: the exact value is not within {low} to {high} of itself"
    );
    exact
}

#[tokio::test]
async fn an_empty_tube_has_the_pressure_gradient_of_hagen_and_poiseuille() {
    let dir = tempfile::tempdir().unwrap();
    let Exact { flow, ratio, .. } =
        solve_empty_tube(settings(12.0, 0, 0.01), &Context::new(dir.path(), 2))
            .await
            .unwrap();
    assert!((ratio - 1.0).abs() < 0.01, "{ratio}");
    let numbers = flow.numbers.unwrap();
    assert!(numbers.r_squared > 0.999, "{}", numbers.r_squared);
}

#[tokio::test]
async fn a_touching_simple_cubic_array_converges_to_zick_and_homsy_and_its_error_band_holds_it() {
    let draft = simple_cubic(8.0, 1).await.ratio;
    assert!(draft < 1.0, "{draft}");
    let coarse = simple_cubic(10.0, 0).await.ratio;
    let medium = simple_cubic(20.0, 0).await.ratio;
    let fine = simple_cubic(20.0, 1).await.ratio;
    let error = |ratio: f64| (ratio - 1.0).abs();
    assert!(
        error(coarse) > error(medium) && error(medium) > error(fine),
        "{coarse} {medium} {fine}"
    );
    assert!(error(fine) < 0.05, "{fine}");
}
