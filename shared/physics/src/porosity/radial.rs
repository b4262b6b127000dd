//! Correlations for the porosity at a distance from the wall, z = (R − r)/d in particle diameters.

use std::f64::consts::PI;

/// Radial porosity after de Klerk, oscillating, with the porosity εb far from the wall:
///
/// - z ≤ 0.637: ε = 2.14 z² − 2.53 z + 1
/// - z > 0.637: ε = εb + 0.29 exp(−0.6 z) cos(2.3 π (z − 0.16)) + 0.15 exp(−0.9 z)
///
/// Valid for N > 2 and 0 ≤ z ≤ N/2; the branches meet for εb = 0.36, the paper's random packing.
/// De Klerk, A. (2003), A.I.Ch.E. J. 49, 2022–2029. The validity is not cross-checked with a second source; the
/// coefficients are, as far as the branches meet within 0.001.
pub fn de_klerk_radial(wall_distance_in_diameters: f64, core_porosity: f64) -> f64 {
    let z = wall_distance_in_diameters;
    if z <= 0.637 {
        2.14 * z * z - 2.53 * z + 1.0
    } else {
        core_porosity
            + 0.29 * (-0.6 * z).exp() * (2.3 * PI * (z - 0.16)).cos()
            + 0.15 * (-0.9 * z).exp()
    }
}

/// Radial porosity after Giese, smooth: ε = 0.37 (1 + 1.36 exp(−5 z)).
///
/// Valid for z ≥ 0 in wide tubes; a mean line through the oscillation. Known in a second place as
/// ε = εb (1 + 1.36 exp(−5 z)) for the porosity εb far from the wall; that it needs N > 8 is not cross-checked.
/// Giese, M., Rottschäfer, K. and Vortmeyer, D. (1998), A.I.Ch.E. J. 44, 484–490.
pub fn giese_radial(wall_distance_in_diameters: f64) -> f64 {
    0.37 * (1.0 + 1.36 * (-5.0 * wall_distance_in_diameters).exp())
}
