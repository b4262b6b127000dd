//! What a packing will look like before it is made: porosity, height and number of particles, from correlations for
//! equal spheres in a tube.

use std::f64::consts::PI;

use physics::porosity::{dixon_spheres, zou_yu_dense, zou_yu_loose};

use crate::bed::Bed;

/// The band in which the porosity of a settled packing is expected.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PorosityBand {
    /// Dense packing (Zou and Yu 1995).
    pub low: f64,
    /// The most likely one (Dixon 1988).
    pub expected: f64,
    /// Loose packing (Zou and Yu 1995).
    pub high: f64,
}

impl Bed {
    /// N = D/d, tube over particle diameter.
    pub fn tube_to_particle_ratio(&self) -> f64 {
        self.geometry.diameter_m / self.particles.diameter_m
    }

    /// The stated number of particles, or the one that reaches the target height at the expected porosity.
    pub fn particle_count(&self) -> u32 {
        match (self.particles.count, self.particles.target_height_m) {
            (Some(count), _) => count,
            (None, Some(height_m)) => {
                whole(height_m / self.height_per_particle_m(self.porosity_band().expected))
            }
            (None, None) => 0,
        }
    }

    /// Height in m that the packed bed is expected to reach.
    pub fn expected_bed_height_m(&self) -> f64 {
        self.height_at_m(self.porosity_band().expected)
    }

    /// Height in m of the packed bed at a given porosity.
    pub(crate) fn height_at_m(&self, porosity: f64) -> f64 {
        f64::from(self.particle_count()) * self.height_per_particle_m(porosity)
    }

    /// The largest number of particles whose bed is `height_m` high at a given porosity.
    pub(crate) fn count_within(&self, height_m: f64, porosity: f64) -> u32 {
        whole((height_m / self.height_per_particle_m(porosity)).floor())
    }

    /// The smallest number of particles whose bed is `height_m` high at a given porosity.
    pub(crate) fn count_reaching(&self, height_m: f64, porosity: f64) -> u32 {
        whole((height_m / self.height_per_particle_m(porosity)).ceil())
    }

    /// Where the porosity will lie. The correlations need N > 1; below that, the value at N = 1 stands in.
    pub(crate) fn porosity_band(&self) -> PorosityBand {
        let ratio = self.tube_to_particle_ratio().max(1.0);
        let (dense, expected, loose) = (
            zou_yu_dense(ratio),
            dixon_spheres(ratio),
            zou_yu_loose(ratio),
        );
        PorosityBand {
            low: dense.min(expected),
            expected,
            high: loose.max(expected),
        }
    }

    /// Height that one particle adds: its volume over the tube's solid cross-section.
    pub(crate) fn height_per_particle_m(&self, porosity: f64) -> f64 {
        let volume_m3 = PI / 6.0 * self.particles.diameter_m.powi(3);
        let area_m2 = PI / 4.0 * self.geometry.diameter_m.powi(2);
        volume_m3 / (area_m2 * (1.0 - porosity))
    }
}

/// The nearest whole number that fits the type; never below zero.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float outside the range saturates, which is what is wanted"
)]
fn whole(number: f64) -> u32 {
    number.round() as u32
}
