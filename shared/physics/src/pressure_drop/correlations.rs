//! Pressure gradients in Pa/m of flow through beds of equal spheres.
//!
//! All are written with the viscous friction factor fv = (dP/L) d² ε³ / (μ U (1 − ε)²); their symbols are those of
//! [`Conditions`], Re = ρ U d/μ, Reₘ = Re/(1 − ε), x = d/D, N = D/d. The friction factor ψ = (dP/L) d/(ρ U²) that several
//! papers use is fv (1 − ε)²/(ε³ Re). Ranges are checked by [`compare`](super::compare()), not here.

use super::Conditions;
use std::f64::consts::PI;

/// Ergun: fv = 150 + 1.75 Reₘ. No wall effect.
///
/// Range: 1 < Reₘ < 2300. Ergun, S. (1952), Chem. Eng. Prog. 48(2), 89–94.
pub fn ergun(conditions: &Conditions) -> f64 {
    conditions.gradient_pa_m(150.0 + 1.75 * conditions.modified_reynolds())
}

/// Eisfeld and Schnitzlein, spheres: fv = 154 Aw² + (Aw/Bw) Reₘ with the wall corrections
/// Aw = 1 + 2/(3 N (1 − ε)) and Bw = (1.15 x² + 0.87)².
///
/// Range: 0.01 ≤ Re ≤ 17635, 1.624 ≤ N ≤ 250. Eisfeld, B. and Schnitzlein, K. (2001), Chem. Eng. Sci. 56, 4321–4329.
pub fn eisfeld_schnitzlein(conditions: &Conditions) -> f64 {
    let x = 1.0 / conditions.tube_to_particle_ratio();
    let viscous_wall = 1.0 + 2.0 * x / (3.0 * (1.0 - conditions.porosity));
    let inertial_wall = (1.15 * x * x + 0.87).powi(2);
    let viscous = 154.0 * viscous_wall * viscous_wall;
    conditions
        .gradient_pa_m(viscous + viscous_wall / inertial_wall * conditions.modified_reynolds())
}

/// Harrison, Brunner and Hecker: fv = 119.8 A + 4.63 B Reₘ^(5/6) with the wall corrections
/// A = (1 + π x/(6 (1 − ε)))² and B = 1 − (π² x/24)(1 − x/2).
///
/// Range: 0.72 < Re < 7700, 8.3 < N < 50, 0.33 < ε < 0.88.
/// Harrison, L. D., Brunner, K. M. and Hecker, W. C. (2013), A.I.Ch.E. J. 59, 703–706.
pub fn harrison(conditions: &Conditions) -> f64 {
    let x = 1.0 / conditions.tube_to_particle_ratio();
    let viscous_wall = (1.0 + PI * x / (6.0 * (1.0 - conditions.porosity))).powi(2);
    let inertial_wall = 1.0 - PI * PI * x / 24.0 * (1.0 - 0.5 * x);
    let inertial = 4.63 * inertial_wall * conditions.modified_reynolds().powf(5.0 / 6.0);
    conditions.gradient_pa_m(119.8 * viscous_wall + inertial)
}

/// Erdim, Akgiray and Demir: fv = 160 + 2.81 Reₘ^0.904. No wall effect.
///
/// Range: 2 < Reₘ < 3582, 4 < N < 34.1, 0.377 < ε < 0.470.
/// Erdim, E., Akgiray, Ö. and Demir, İ. (2015), Powder Technol. 283, 488–504.
pub fn erdim(conditions: &Conditions) -> f64 {
    conditions.gradient_pa_m(160.0 + 2.81 * conditions.modified_reynolds().powf(0.904))
}

/// Carman: fv = 180 + 2.871 Reₘ^0.9. No wall effect.
///
/// Range: 0.1 < Reₘ < 60 000. Carman, P. C. (1937), Trans. Inst. Chem. Eng. 15, 150–166, in the form of
/// Erdim, E. et al. (2015), Powder Technol. 283, 488–504. Collections agree on the upper limit and differ on the lower:
/// Re₁ = Reₘ/6 ≥ 0.01 in Nikitin, M. (2026), doi 10.5281/zenodo.20756923, which is Reₘ ≥ 0.06, but Reₘ > 300 in Bell, C.,
/// `fluids.packed_bed`. The creeping limit fv = 180 is the Kozeny–Carman law, so the former is taken, rounded up.
pub fn carman(conditions: &Conditions) -> f64 {
    conditions.gradient_pa_m(180.0 + 2.871 * conditions.modified_reynolds().powf(0.9))
}

/// KTA, for pebble beds: fv = 160 + 3 Reₘ^0.9. No wall effect.
///
/// Range: 1 < Reₘ < 100 000, 0.36 < ε < 0.42. Kerntechnischer Ausschuss (1981), safety standard KTA 3102.3.
pub fn kta(conditions: &Conditions) -> f64 {
    conditions.gradient_pa_m(160.0 + 3.0 * conditions.modified_reynolds().powf(0.9))
}
