//! What the literature expects a bed's pressure gradient to be. A computed flow is compared with these, never gated on them.

mod compare;
mod correlations;

pub use compare::{Comparison, Spread, agreement_in_range, compare, spread_in_range};
pub use correlations::{carman, eisfeld_schnitzlein, erdim, ergun, harrison, kta};

use crate::flow::{modified_reynolds, particle_reynolds};
use serde::{Deserialize, Serialize};

/// A flow through a bed of equal spheres.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conditions {
    /// Particle diameter d.
    pub particle_diameter_m: f64,
    /// Inner tube diameter D.
    pub tube_diameter_m: f64,
    /// Void fraction ε of the bed; for a computed flow the one its mesh has.
    pub porosity: f64,
    /// Superficial velocity U.
    pub superficial_velocity_m_s: f64,
    /// Density ρ of the fluid.
    pub fluid_density_kg_m3: f64,
    /// Dynamic viscosity μ of the fluid.
    pub fluid_viscosity_pa_s: f64,
}

impl Conditions {
    /// Re = ρ U d / μ.
    pub fn particle_reynolds(&self) -> f64 {
        particle_reynolds(
            self.superficial_velocity_m_s,
            self.particle_diameter_m,
            self.fluid_density_kg_m3,
            self.fluid_viscosity_pa_s,
        )
    }

    /// Reₘ = Re / (1 − ε).
    pub fn modified_reynolds(&self) -> f64 {
        modified_reynolds(self.particle_reynolds(), self.porosity)
    }

    /// N = D/d.
    pub fn tube_to_particle_ratio(&self) -> f64 {
        self.tube_diameter_m / self.particle_diameter_m
    }

    /// The gradient dP/L in Pa/m that a value of fv = (dP/L) d² ε³ / (μ U (1 − ε)²) stands for.
    fn gradient_pa_m(&self, viscous_friction: f64) -> f64 {
        let (solid, void) = (1.0 - self.porosity, self.porosity);
        let scale = self.fluid_viscosity_pa_s * self.superficial_velocity_m_s
            / self.particle_diameter_m.powi(2);
        viscous_friction * scale * solid * solid / void.powi(3)
    }
}
