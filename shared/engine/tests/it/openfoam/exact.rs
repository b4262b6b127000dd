//! Flows that are known exactly, through the same code as every bed.

use engine::Context;
use engine::openfoam::{Flow, Mesh, mesh_setup, solve};
use physics::flow::{TOUCHING_SIMPLE_CUBIC, hagen_poiseuille_pa_m, simple_cubic_pa_m};

use super::{D, VELOCITY_M_S, bed, creeping_flow, empty_tube, settings, simple_cubic};

async fn solved(setup: &engine::openfoam::Setup) -> (Mesh, Flow) {
    let dir = tempfile::tempdir().unwrap();
    let context = Context::new(dir.path(), 2);
    let mesh = mesh_setup(setup, &context).await.unwrap();
    let flow = solve(&bed(creeping_flow()), &mesh, VELOCITY_M_S, &context)
        .await
        .unwrap();
    assert!(flow.converged, "{:?}", flow.why_not_converged);
    (mesh, flow)
}

/// Computed over exact gradient of the touching simple-cubic array. Taken between planes a whole number of unit cells
/// apart, where the waves of the pressure along a regular array cancel.
async fn simple_cubic_ratio(cells_per_diameter: f64, surface_level: u32) -> f64 {
    let (_, flow) = solved(&simple_cubic(settings(
        cells_per_diameter,
        surface_level,
        0.2,
    )))
    .await;
    let planes = flow.numbers.unwrap().planes;
    let [_, core @ .., _] = planes.as_slice() else {
        panic!("no planes")
    };
    let (low, high) = (core[0], core[core.len() - 1]);
    let gradient = (low.pressure_pa - high.pressure_pa) / (high.z_m - low.z_m);
    let exact = simple_cubic_pa_m(D / 2.0, TOUCHING_SIMPLE_CUBIC, VELOCITY_M_S, 1e-3).unwrap();
    gradient / exact
}

#[tokio::test]
async fn an_empty_tube_has_the_pressure_gradient_of_hagen_and_poiseuille() {
    let (_, flow) = solved(&empty_tube(settings(12.0, 0, 0.01))).await;
    let exact = hagen_poiseuille_pa_m(VELOCITY_M_S, 2.0 * D, 1e-3);
    let numbers = flow.numbers.unwrap();
    let ratio = numbers.pressure_gradient_pa_m / exact;
    assert!((ratio - 1.0).abs() < 0.01, "{ratio}");
    assert!(numbers.r_squared > 0.999, "{}", numbers.r_squared);
}

#[tokio::test]
async fn a_touching_simple_cubic_array_converges_to_zick_and_homsy() {
    let coarse = simple_cubic_ratio(10.0, 0).await;
    let medium = simple_cubic_ratio(20.0, 0).await;
    let fine = simple_cubic_ratio(20.0, 1).await;
    let error = |ratio: f64| (ratio - 1.0).abs();
    assert!(
        error(coarse) > error(medium) && error(medium) > error(fine),
        "{coarse} {medium} {fine}"
    );
    assert!(error(fine) < 0.05, "{fine}");
}
