//! How far a computed number may be from the truth: mesh refinement and straight-line fits.

use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// A quantity computed on one mesh.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// The computed value, in any unit.
    pub value: f64,
    /// A length that stands for the size of the cells.
    pub cell_size_m: f64,
}

/// Safety factor of the grid convergence index for two meshes and an assumed order.
pub const SAFETY_TWO_MESHES: f64 = 3.0;
/// Safety factor of the grid convergence index for three meshes and an observed order.
pub const SAFETY_THREE_MESHES: f64 = 1.25;

/// Richardson's estimate of the value at zero cell size from two meshes and an order p:
/// f₀ = f₁ + (f₁ − f₂)/(rᵖ − 1), r = coarse over fine cell size.
/// Richardson, L. F. (1911), Phil. Trans. R. Soc. A 210, 307–357.
pub fn richardson(fine: Level, coarse: Level, order: f64) -> Result<f64> {
    Ok(fine.value + (fine.value - coarse.value) / leverage(fine, coarse, order)?)
}

/// Grid convergence index of the fine mesh, as a share of its value: Fs |f₁ − f₂| / (|f₁| (rᵖ − 1)).
/// With [`SAFETY_THREE_MESHES`] and an observed order, about a 95 % band.
/// Roache, P. J. (1994), J. Fluids Eng. 116, 405–413, equation 14.
pub fn grid_convergence_index(fine: Level, coarse: Level, order: f64, safety: f64) -> Result<f64> {
    let change = ((fine.value - coarse.value) / fine.value).abs();
    Ok(safety * change / leverage(fine, coarse, order)?)
}

/// Order of convergence p seen on three meshes, from fine to coarse, refinement ratios equal or not:
/// the root of ε₃₂/ε₂₁ = r₂₁ᵖ (r₃₂ᵖ − 1)/(r₂₁ᵖ − 1), ε₂₁ = f₂ − f₁, ε₃₂ = f₃ − f₂. Monotonic convergence only.
/// Celik, I. B. et al. (2008), J. Fluids Eng. 130, 078001, equation 3, solved by bisection between 0.001 and 32.
pub fn observed_order(fine: Level, medium: Level, coarse: Level) -> Result<f64> {
    let (ratio_fine, ratio_coarse) = (ratio(fine, medium)?, ratio(medium, coarse)?);
    let changes = (coarse.value - medium.value) / (medium.value - fine.value);
    let no_limit = || Error::NotMonotonic {
        fine: fine.value,
        medium: medium.value,
        coarse: coarse.value,
    };
    if !changes.is_finite() || changes <= 0.0 {
        return Err(no_limit());
    }
    let mismatch = |p: f64| {
        changes - (ratio_coarse.powf(p) - 1.0) * ratio_fine.powf(p) / (ratio_fine.powf(p) - 1.0)
    };
    bisect(mismatch, 1e-3, 32.0).ok_or_else(no_limit)
}

/// Root of a function that falls from positive to negative over the interval, `None` when it does not.
fn bisect(f: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> Option<f64> {
    if f(low) < 0.0 || f(high) > 0.0 {
        return None;
    }
    while high - low > 1e-12 * high {
        let middle = 0.5 * (low + high);
        if f(middle) >= 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(0.5 * (low + high))
}

/// rᵖ − 1.
fn leverage(fine: Level, coarse: Level, order: f64) -> Result<f64> {
    Ok(ratio(fine, coarse)?.powf(order) - 1.0)
}

fn ratio(fine: Level, coarse: Level) -> Result<f64> {
    if fine.cell_size_m > 0.0 && coarse.cell_size_m > fine.cell_size_m {
        Ok(coarse.cell_size_m / fine.cell_size_m)
    } else {
        Err(Error::CellSizes)
    }
}

/// A straight line y = intercept + slope · x through points.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LineFit {
    /// Change of y with x.
    pub slope: f64,
    /// y at x = 0.
    pub intercept: f64,
    /// Share of the variance of y that the line explains; 1 when the points lie on it.
    pub r_squared: f64,
}

/// Least-squares line through (x, y) points, at least two of them at different x.
pub fn line_fit(points: &[(f64, f64)]) -> Result<LineFit> {
    if points.len() < 2 {
        return Err(Error::TooFewPoints {
            needed: 2,
            given: points.len(),
        });
    }
    let count = points.len() as f64;
    let mean_x = points.iter().map(|point| point.0).sum::<f64>() / count;
    let mean_y = points.iter().map(|point| point.1).sum::<f64>() / count;
    let sum = |f: &dyn Fn(f64, f64) -> f64| {
        points
            .iter()
            .map(|&(x, y)| f(x - mean_x, y - mean_y))
            .sum::<f64>()
    };
    let (xx, xy, yy) = (sum(&|x, _| x * x), sum(&|x, y| x * y), sum(&|_, y| y * y));
    if xx == 0.0 {
        return Err(Error::SameAbscissa);
    }
    let slope = xy / xx;
    let unexplained = sum(&|x, y| (y - slope * x).powi(2));
    let r_squared = if yy == 0.0 {
        1.0
    } else {
        1.0 - unexplained / yy
    };
    Ok(LineFit {
        slope,
        intercept: mean_y - slope * mean_x,
        r_squared,
    })
}
