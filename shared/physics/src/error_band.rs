//! The band around a computed pressure drop in which the exact one is expected.

use serde::{Deserialize, Serialize};

/// Shares of a value: what is exact is expected between value·(1 − low) and value·(1 + high).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorBand {
    /// How far below the value, from 0 to 1.
    pub low: f64,
    /// How far above it.
    pub high: f64,
}

impl ErrorBand {
    /// Lowest and highest expected, of a value above zero.
    pub fn around(self, value: f64) -> [f64; 2] {
        [value * (1.0 - self.low), value * (1.0 + self.high)]
    }

    /// The longer of the two sides, in the unit of the value: half the width of a symmetric band that holds this one.
    pub fn half_width(self, value: f64) -> f64 {
        self.low.max(self.high) * value.abs()
    }

    /// The band of what is inversely proportional to the value.
    #[must_use]
    pub fn of_inverse(self) -> Self {
        Self {
            low: self.high / (1.0 + self.high),
            high: self.low / (1.0 - self.low),
        }
    }

    /// The band when both errors may be there at once.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            low: 1.0 - (1.0 - self.low) * (1.0 - other.low),
            high: (1.0 + self.high) * (1.0 + other.high) - 1.0,
        }
    }
}

/// What cells of finite size do to the pressure drop of a bed of spheres: it reads low, by 4.2/n of its value at most,
/// n = cells per diameter · 2^(level/2).
///
/// From our own meshes (docs/flow.md). On the touching simple-cubic array of Zick and Homsy, whose drop is known, the
/// shortfall is 4 % to 27 % on 6 to 32 cells per diameter and up to two surface levels, never more than 0.62 of this
/// band. A random bed on three meshes approached its limit in first order once the porosity that its meshes lost was
/// taken out; extrapolated with that order, as in Roache, P. J. (1994), J. Fluids Eng. 116, 405–413, its shortfall was
/// 0.8 to 0.9 of this band. Both flows creep; elsewhere, and beyond those cells, the band is an extrapolation.
pub fn discretisation_band(cells_per_diameter: f64, surface_level: u32) -> ErrorBand {
    let resolution = cells_per_diameter * 2.0_f64.powf(0.5 * f64::from(surface_level));
    ErrorBand {
        low: 0.0,
        high: 4.2 / resolution,
    }
}

/// What a porosity of the mesh other than the packing's does, by the law of Kozeny and Carman: dP/L ~ (1 − ε)²/ε³.
pub fn porosity_band(packed_porosity: f64, meshed_porosity: f64) -> ErrorBand {
    let resistance = |porosity: f64| (1.0 - porosity).powi(2) / porosity.powi(3);
    let packed_over_meshed = resistance(packed_porosity) / resistance(meshed_porosity);
    ErrorBand {
        low: (1.0 - packed_over_meshed).max(0.0),
        high: (packed_over_meshed - 1.0).max(0.0),
    }
}
