//! All correlations side by side, each with whether the case lies in its range.

use super::{Conditions, carman, eisfeld_schnitzlein, erdim, ergun, harrison, kta};
use serde::{Deserialize, Serialize};

/// What one correlation says of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// Its authors and year.
    pub name: String,
    /// The gradient it predicts.
    pub pressure_gradient_pa_m: f64,
    /// Whether the case lies within the range it was made for.
    pub in_range: bool,
    /// That range in words.
    pub range: String,
}

/// The lowest and highest gradient that correlations predict for a case.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    /// Lowest prediction.
    pub low_pa_m: f64,
    /// Highest prediction.
    pub high_pa_m: f64,
}

impl Spread {
    /// Whether a gradient lies in this spread made wider at both ends by a share of the end's value.
    pub fn contains(&self, pressure_gradient_pa_m: f64, widened_by: f64) -> bool {
        let low = self.low_pa_m * (1.0 - widened_by);
        let high = self.high_pa_m * (1.0 + widened_by);
        (low..=high).contains(&pressure_gradient_pa_m)
    }
}

/// A quantity on which ranges are stated.
#[derive(Clone, Copy)]
enum Quantity {
    Reynolds,
    ModifiedReynolds,
    TubeToParticleRatio,
    Porosity,
}

impl Quantity {
    fn of(self, conditions: &Conditions) -> f64 {
        match self {
            Self::Reynolds => conditions.particle_reynolds(),
            Self::ModifiedReynolds => conditions.modified_reynolds(),
            Self::TubeToParticleRatio => conditions.tube_to_particle_ratio(),
            Self::Porosity => conditions.porosity,
        }
    }

    fn symbol(self) -> &'static str {
        match self {
            Self::Reynolds => "Re",
            Self::ModifiedReynolds => "Re_m",
            Self::TubeToParticleRatio => "N",
            Self::Porosity => "porosity",
        }
    }
}

struct Correlation {
    name: &'static str,
    gradient_pa_m: fn(&Conditions) -> f64,
    limits: &'static [(Quantity, f64, f64)],
}

const CORRELATIONS: [Correlation; 6] = [
    Correlation {
        name: "Ergun 1952",
        gradient_pa_m: ergun,
        limits: &[(Quantity::ModifiedReynolds, 1.0, 2300.0)],
    },
    Correlation {
        name: "Eisfeld & Schnitzlein 2001",
        gradient_pa_m: eisfeld_schnitzlein,
        limits: &[
            (Quantity::Reynolds, 0.01, 17635.0),
            (Quantity::TubeToParticleRatio, 1.624, 250.0),
        ],
    },
    Correlation {
        name: "Harrison, Brunner & Hecker 2013",
        gradient_pa_m: harrison,
        limits: &[
            (Quantity::Reynolds, 0.72, 7700.0),
            (Quantity::TubeToParticleRatio, 8.3, 50.0),
            (Quantity::Porosity, 0.33, 0.88),
        ],
    },
    Correlation {
        name: "Erdim, Akgiray & Demir 2015",
        gradient_pa_m: erdim,
        limits: &[
            (Quantity::ModifiedReynolds, 2.0, 3582.0),
            (Quantity::TubeToParticleRatio, 4.0, 34.1),
            (Quantity::Porosity, 0.377, 0.470),
        ],
    },
    Correlation {
        name: "Carman 1937",
        gradient_pa_m: carman,
        limits: &[(Quantity::ModifiedReynolds, 0.1, 60000.0)],
    },
    Correlation {
        name: "KTA 1981",
        gradient_pa_m: kta,
        limits: &[
            (Quantity::ModifiedReynolds, 1.0, 100_000.0),
            (Quantity::Porosity, 0.36, 0.42),
        ],
    },
];

/// Every correlation of this module for one case, evaluated at the case's porosity. Ends of ranges count as within.
pub fn compare(conditions: &Conditions) -> Vec<Comparison> {
    CORRELATIONS
        .iter()
        .map(|correlation| correlation.compare(conditions))
        .collect()
}

/// Lowest to highest prediction among the correlations whose range covers the case; `None` when none does.
pub fn spread_in_range(comparisons: &[Comparison]) -> Option<Spread> {
    comparisons
        .iter()
        .filter(|comparison| comparison.in_range)
        .map(|comparison| comparison.pressure_gradient_pa_m)
        .fold(None, |spread, gradient| {
            let Spread {
                low_pa_m,
                high_pa_m,
            } = spread.unwrap_or(Spread {
                low_pa_m: gradient,
                high_pa_m: gradient,
            });
            Some(Spread {
                low_pa_m: low_pa_m.min(gradient),
                high_pa_m: high_pa_m.max(gradient),
            })
        })
}

/// How well a gradient agrees with the literature: 1 − |gradient − mean| / mean, not below 0, with the mean of those
/// correlations whose range covers the case; `None` when none does.
pub fn agreement_in_range(pressure_gradient_pa_m: f64, comparisons: &[Comparison]) -> Option<f64> {
    let in_range = comparisons.iter().filter(|comparison| comparison.in_range);
    let expected: Vec<f64> = in_range.map(|it| it.pressure_gradient_pa_m).collect();
    if expected.is_empty() {
        return None;
    }
    let mean = expected.iter().sum::<f64>() / expected.len() as f64;
    let agreement = (1.0 - (pressure_gradient_pa_m - mean).abs() / mean).max(0.0);
    agreement.is_finite().then_some(agreement)
}

impl Correlation {
    fn compare(&self, conditions: &Conditions) -> Comparison {
        let within = |&(quantity, low, high): &(Quantity, f64, f64)| {
            (low..=high).contains(&quantity.of(conditions))
        };
        let text: Vec<String> = self
            .limits
            .iter()
            .map(|(quantity, low, high)| format!("{low} ≤ {} ≤ {high}", quantity.symbol()))
            .collect();
        Comparison {
            name: self.name.to_owned(),
            pressure_gradient_pa_m: (self.gradient_pa_m)(conditions),
            in_range: self.limits.iter().all(within),
            range: text.join(", "),
        }
    }
}
