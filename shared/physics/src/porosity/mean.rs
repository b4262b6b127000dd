//! Correlations for the mean porosity of a bed of equal spheres, wall region included.
//! Each takes the tube-to-particle ratio N = D/d (tube over particle diameter, both inner and in the same unit).

/// Mean porosity of settled spheres after Dixon, with x = d/D = 1/N:
///
/// - x ≤ 0.5: ε = 0.4 + 0.05 x + 0.412 x²
/// - 0.5 ≤ x ≤ 0.536: ε = 0.528 + 2.464 (x − 0.5)
/// - x ≥ 0.536: ε = 1 − 0.667 x³ (2x − 1)^(−1/2), exact for a single zigzag column
///
/// Valid for N > 1. Dixon, A. G. (1988), Can. J. Chem. Eng. 66, 705–708.
pub fn dixon_spheres(tube_to_particle_ratio: f64) -> f64 {
    let x = 1.0 / tube_to_particle_ratio;
    if x <= 0.5 {
        0.4 + 0.05 * x + 0.412 * x * x
    } else if x <= 0.536 {
        0.528 + 2.464 * (x - 0.5)
    } else {
        single_column(x)
    }
}

/// Mean porosity of a loose random packing of spheres after Zou and Yu, with x = d/D = 1/N:
///
/// - x ≤ 0.253: ε = 0.400 + 0.010 (exp(10.686 x) − 1)
/// - 0.253 ≤ x ≤ 0.538: ε = 0.846 − 1.898 x + 2.725 x²
/// - x ≥ 0.538: the single column of [`dixon_spheres`]
///
/// Valid for N > 1; the upper edge of the band a settled packing lies in.
/// Zou, R. P. and Yu, A. B. (1995), Chem. Eng. Sci. 50, 1504–1507. The limits are not cross-checked with a second
/// source: 0.253 is where the branches meet (0.2534), at 0.256 they would be 0.006 apart.
pub fn zou_yu_loose(tube_to_particle_ratio: f64) -> f64 {
    let x = 1.0 / tube_to_particle_ratio;
    if x <= 0.253 {
        0.400 + 0.010 * (10.686 * x).exp_m1()
    } else if x <= 0.538 {
        0.846 - 1.898 * x + 2.725 * x * x
    } else {
        single_column(x)
    }
}

/// Mean porosity of a dense random packing of spheres after Zou and Yu, with x = d/D = 1/N:
///
/// - x ≤ 0.256: ε = 0.372 + 0.002 (exp(15.306 x) − 1)
/// - 0.256 ≤ x ≤ 0.538: ε = 0.681 − 1.363 x + 2.241 x²
/// - x ≥ 0.538: the single column of [`dixon_spheres`]
///
/// Valid for N > 1; the lower edge of the band a settled packing lies in.
/// Zou, R. P. and Yu, A. B. (1995), Chem. Eng. Sci. 50, 1504–1507. The limits are not cross-checked with a second
/// source: the branches cross at 0.2606 and are 0.008 apart at 0.256, less than at 0.253.
pub fn zou_yu_dense(tube_to_particle_ratio: f64) -> f64 {
    let x = 1.0 / tube_to_particle_ratio;
    if x <= 0.256 {
        0.372 + 0.002 * (15.306 * x).exp_m1()
    } else if x <= 0.538 {
        0.681 - 1.363 * x + 2.241 * x * x
    } else {
        single_column(x)
    }
}

/// Mean porosity of spheres after Benyahia and O'Neill: ε = 0.390 + 1.740 / (N + 1.140)².
///
/// Valid for 1.5 ≤ N ≤ 50. Benyahia, F. and O'Neill, K. E. (2005), Particul. Sci. Technol. 23, 169–177.
pub fn benyahia_oneill(tube_to_particle_ratio: f64) -> f64 {
    0.390 + 1.740 / (tube_to_particle_ratio + 1.140).powi(2)
}

/// Spheres stacked alternately against the wall, one per level: exact geometry.
fn single_column(x: f64) -> f64 {
    1.0 - 0.667 * x.powi(3) / (2.0 * x - 1.0).sqrt()
}
