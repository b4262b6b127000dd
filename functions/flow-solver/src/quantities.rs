//! A flow as rows of results: one quantity, one number, one unit.

use engine::openfoam::{Flow, FlowNumbers};
use physics::ErrorBand;
use store::results::Quantity;

/// The results of one flow. A flow that did not converge says so in `converged` and has none of the numbers that would
/// need it; a number that is not finite is left out.
pub(crate) fn of(flow: &Flow, velocity_index: i32) -> Vec<Quantity> {
    let always = always(flow).map(|(name, value, unit)| (name, value, unit, None));
    let numbers = flow.numbers.as_ref().filter(|_| flow.converged);
    always
        .into_iter()
        .chain(numbers.into_iter().flat_map(when_converged))
        .filter(|(_, value, _, _)| value.is_finite())
        .map(|(name, value, unit, band)| Quantity {
            velocity_index,
            superficial_velocity_m_s: flow.superficial_velocity_m_s,
            quantity: name.to_owned(),
            value,
            unit: unit.to_owned(),
            uncertainty: band.map(|band| band.half_width(value)),
        })
        .collect()
}

fn always(flow: &Flow) -> [(&'static str, f64, &'static str); 10] {
    [
        ("particle_reynolds", flow.particle_reynolds, ""),
        ("modified_reynolds", flow.modified_reynolds, ""),
        ("meshed_porosity", flow.meshed_porosity, ""),
        ("packed_porosity", flow.packed_porosity, ""),
        ("cells", flow.cells as f64, ""),
        ("converged", if flow.converged { 1.0 } else { 0.0 }, ""),
        ("iterations", flow.iterations.into(), ""),
        ("mass_imbalance", flow.mass_imbalance, ""),
        ("solving_s", flow.seconds, "s"),
        ("peak_memory_mb", flow.peak_memory_mb, "MB"),
    ]
}

/// Name, value, unit and error band. The drops before and behind the window are parts of the whole without a band of
/// their own.
fn when_converged(n: &FlowNumbers) -> [(&'static str, f64, &'static str, Option<ErrorBand>); 7] {
    let band = Some(n.error_band);
    let inverse = Some(n.error_band.of_inverse());
    [
        ("pressure_drop_pa", n.pressure_drop_pa, "Pa", band),
        ("entrance_drop_pa", n.entrance_drop_pa, "Pa", None),
        ("exit_drop_pa", n.exit_drop_pa, "Pa", None),
        (
            "pressure_gradient_pa_m",
            n.pressure_gradient_pa_m,
            "Pa/m",
            band,
        ),
        ("r_squared", n.r_squared, "", None),
        ("friction_factor", n.friction_factor, "", band),
        ("permeability_m2", n.permeability_m2, "m2", inverse),
    ]
}
