//! Dimensionless numbers of a flow through a bed, and the two flows that are known exactly.

use std::f64::consts::PI;

/// Particle Reynolds number Re = ρ U d / μ with the superficial velocity U.
pub fn particle_reynolds(
    superficial_velocity_m_s: f64,
    particle_diameter_m: f64,
    fluid_density_kg_m3: f64,
    fluid_viscosity_pa_s: f64,
) -> f64 {
    fluid_density_kg_m3 * superficial_velocity_m_s * particle_diameter_m / fluid_viscosity_pa_s
}

/// Modified Reynolds number Reₘ = Re / (1 − ε).
pub fn modified_reynolds(particle_reynolds: f64, porosity: f64) -> f64 {
    particle_reynolds / (1.0 - porosity)
}

/// Friction factor of a bed, ψ = (dP/L) d / (ρ U²), dimensionless.
pub fn friction_factor(
    pressure_gradient_pa_m: f64,
    particle_diameter_m: f64,
    fluid_density_kg_m3: f64,
    superficial_velocity_m_s: f64,
) -> f64 {
    let dynamic = fluid_density_kg_m3 * superficial_velocity_m_s * superficial_velocity_m_s;
    pressure_gradient_pa_m * particle_diameter_m / dynamic
}

/// Permeability by Darcy's law, k = μ U / (dP/L) in m². A property of the bed alone while the flow creeps (Re ≲ 1);
/// at higher Re an apparent one that holds for this velocity.
pub fn permeability_m2(
    pressure_gradient_pa_m: f64,
    superficial_velocity_m_s: f64,
    fluid_viscosity_pa_s: f64,
) -> f64 {
    fluid_viscosity_pa_s * superficial_velocity_m_s / pressure_gradient_pa_m
}

/// Pressure gradient in Pa/m of the developed laminar flow through an empty tube, dP/L = 32 μ U / D².
/// Valid for ρ U D/μ < 2100. Bird, Stewart and Lightfoot (2002), Transport Phenomena, equation 2.3-21.
pub fn hagen_poiseuille_pa_m(
    mean_velocity_m_s: f64,
    tube_diameter_m: f64,
    fluid_viscosity_pa_s: f64,
) -> f64 {
    32.0 * fluid_viscosity_pa_s * mean_velocity_m_s / (tube_diameter_m * tube_diameter_m)
}

/// Solid fraction of a simple-cubic array of touching spheres, π/6.
pub const TOUCHING_SIMPLE_CUBIC: f64 = PI / 6.0;

/// Solid fraction φ and drag factor K of simple-cubic arrays in creeping flow: K is the drag on one sphere over its
/// Stokes drag at the superficial velocity, and 1 for a lone sphere. Zick, A. A. and Homsy, G. M. (1982), J. Fluid Mech. 115, 13–26, table 2.
pub const ZICK_HOMSY: [(f64, f64); 8] = [
    (0.0, 1.0),
    (0.027, 2.008),
    (0.064, 2.810),
    (0.125, 4.292),
    (0.216, 7.442),
    (0.343, 15.4),
    (0.45, 28.1),
    (TOUCHING_SIMPLE_CUBIC, 42.1),
];

/// Drag factor K of a simple-cubic array at a solid fraction from 0 to π/6, `None` beyond touching.
/// The table's values exactly; between them 1/K linear in φ^(1/3), which is its form in the dilute limit.
pub fn zick_homsy_drag(solid_fraction: f64) -> Option<f64> {
    let interval = ZICK_HOMSY
        .windows(2)
        .find(|interval| solid_fraction <= interval[1].0)?;
    let [(low, drag_low), (high, drag_high)] = [interval[0], interval[1]];
    if solid_fraction < low {
        return None;
    }
    let share = (solid_fraction.cbrt() - low.cbrt()) / (high.cbrt() - low.cbrt());
    Some(1.0 / ((1.0 - share) / drag_low + share / drag_high))
}

/// Pressure gradient in Pa/m of creeping flow along an axis of a simple-cubic array of spheres of radius a and solid
/// fraction φ: dP/L = 6 π μ a U K n with n = φ/(4/3 π a³) spheres per volume. `None` as in [`zick_homsy_drag`].
pub fn simple_cubic_pa_m(
    sphere_radius_m: f64,
    solid_fraction: f64,
    superficial_velocity_m_s: f64,
    fluid_viscosity_pa_s: f64,
) -> Option<f64> {
    let drag = zick_homsy_drag(solid_fraction)?;
    let spheres_per_m3 = solid_fraction / (4.0 / 3.0 * PI * sphere_radius_m.powi(3));
    let stokes_n = 6.0 * PI * fluid_viscosity_pa_s * sphere_radius_m * superficial_velocity_m_s;
    Some(stokes_n * drag * spheres_per_m3)
}
