//! A flow as rows of results: one quantity, one number, one unit.

use engine::openfoam::Flow;
use store::results::Quantity;

/// The results of one flow. A flow that did not converge says so in `converged` and has none of the numbers that would
/// need it; a number that is not finite is left out.
pub(crate) fn of(flow: &Flow, velocity_index: i32) -> Vec<Quantity> {
    always(flow)
        .into_iter()
        .chain(when_converged(flow))
        .filter(|(_, value, _)| value.is_finite())
        .map(|(name, value, unit)| Quantity {
            velocity_index,
            superficial_velocity_m_s: flow.superficial_velocity_m_s,
            quantity: name.to_owned(),
            value,
            unit: unit.to_owned(),
            uncertainty: None,
        })
        .collect()
}

type Named = (&'static str, f64, &'static str);

fn always(flow: &Flow) -> [Named; 10] {
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

fn when_converged(flow: &Flow) -> Vec<Named> {
    let Some(numbers) = flow.numbers.as_ref().filter(|_| flow.converged) else {
        return Vec::new();
    };
    vec![
        ("pressure_drop_pa", numbers.pressure_drop_pa, "Pa"),
        ("entrance_drop_pa", numbers.entrance_drop_pa, "Pa"),
        ("exit_drop_pa", numbers.exit_drop_pa, "Pa"),
        (
            "pressure_gradient_pa_m",
            numbers.pressure_gradient_pa_m,
            "Pa/m",
        ),
        ("r_squared", numbers.r_squared, ""),
        ("friction_factor", numbers.friction_factor, ""),
        ("permeability_m2", numbers.permeability_m2, "m2"),
    ]
}
