//! Gauss–Legendre integration, for integrands whose only trouble is a root at the ends of the interval.

/// Positive nodes and their weights of the 20-point rule on (-1, 1).
/// Abramowitz, M. and Stegun, I. A. (1964), Handbook of Mathematical Functions, table 25.4.
const NODES: [(f64, f64); 10] = [
    (0.076_526_521_133_497_33, 0.152_753_387_130_725_85),
    (0.227_785_851_141_645_08, 0.149_172_986_472_603_75),
    (0.373_706_088_715_419_56, 0.142_096_109_318_382_05),
    (0.510_867_001_950_827_1, 0.131_688_638_449_176_63),
    (0.636_053_680_726_515, 0.118_194_531_961_518_42),
    (0.746_331_906_460_150_8, 0.101_930_119_817_240_44),
    (0.839_116_971_822_218_8, 0.083_276_741_576_704_75),
    (0.912_234_428_251_326, 0.062_672_048_334_109_06),
    (0.963_971_927_277_913_8, 0.040_601_429_800_386_94),
    (0.993_128_599_185_094_9, 0.017_614_007_139_152_118),
];

/// Integral of `f` from `low` to `high` (0 when the interval is empty).
///
/// The variable is replaced by z = middle + half · sin(π t/2), t in (-1, 1). That turns the square and 3/2 powers with
/// which circles touch at the ends of the interval into smooth functions of t, and so keeps the rule's full accuracy.
pub(crate) fn integrate(low: f64, high: f64, f: impl Fn(f64) -> f64) -> f64 {
    if high <= low {
        return 0.0;
    }
    let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
    let quarter_turn = std::f64::consts::FRAC_PI_2;
    let sum: f64 = NODES
        .iter()
        .map(|&(node, weight)| {
            let (sine, cosine) = (quarter_turn * node).sin_cos();
            weight * cosine * (f(middle - half * sine) + f(middle + half * sine))
        })
        .sum();
    sum * half * quarter_turn
}

/// Integral over several neighbouring intervals whose ends are `breaks`, in any order; those outside `low..high` are moved to it.
pub(crate) fn integrate_pieces<const N: usize>(
    low: f64,
    high: f64,
    breaks: [f64; N],
    f: impl Fn(f64) -> f64,
) -> f64 {
    if high <= low {
        return 0.0;
    }
    let mut ends = breaks.map(|end| end.clamp(low, high));
    ends.sort_by(f64::total_cmp);
    let mut from = low;
    let mut sum = 0.0;
    for to in ends.into_iter().chain([high]) {
        sum += integrate(from, to, &f);
        from = to;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::{integrate, integrate_pieces};

    fn assert_close(got: f64, want: f64) {
        assert!((got - want).abs() < 1e-13, "{got} is not {want}");
    }

    #[test]
    fn roots_at_the_ends_are_integrated_to_rounding() {
        assert_close(integrate(0.0, 1.0, f64::sqrt), 2.0 / 3.0);
        assert_close(integrate(0.0, 1.0, |z| z.powf(1.5)), 0.4);
        let half_circle = integrate(-1.0, 1.0, |z| (1.0 - z * z).sqrt());
        assert_close(half_circle, std::f64::consts::FRAC_PI_2);
    }

    #[test]
    fn an_empty_interval_has_no_integral() {
        assert_close(integrate(1.0, 0.0, |_| f64::NAN), 0.0);
    }

    #[test]
    fn pieces_add_up_whatever_the_order_of_the_breaks() {
        let got = integrate_pieces(0.0, 1.0, [0.7, -3.0, 0.3], |z| (z - 0.3).abs().sqrt());
        assert_close(got, 2.0 / 3.0 * (0.3_f64.powf(1.5) + 0.7_f64.powf(1.5)));
    }
}
