//! Where the ticks of an axis stand, and what is written at them.

use jiff::Timestamp;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// Distances between ticks of time that people can read.
const TIME_STEPS: [i64; 17] = [
    1,
    10,
    MINUTE,
    5 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
    30 * DAY,
    91 * DAY,
    365 * DAY,
];
const TIME_TICKS: i64 = 7;
/// Steps are a quarter of the axis or more, so there are never that many.
const MOST_TICKS: u8 = 20;

/// A place on an axis and what is written there.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// The value, or seconds since the epoch.
    pub at: f64,
    /// What is written.
    pub label: String,
}

/// Ticks at round values that enclose both ends: the first and last are the ends of the axis.
pub fn of_values(low: f64, high: f64) -> Vec<Tick> {
    let (low, high) = opened(low, high);
    let step = round_step((high - low) / 4.0);
    let (first, last) = ((low / step).floor(), (high / step).ceil());
    let decimals = decimals(step);
    let tick = |n: u8| {
        let at = (first + f64::from(n)) * step;
        Tick {
            at,
            label: label(at, decimals),
        }
    };
    (0..=MOST_TICKS)
        .take_while(|n| first + f64::from(*n) < last + 0.5)
        .map(tick)
        .collect()
}

/// Digits behind the point that tell two ticks apart.
fn decimals(step: f64) -> usize {
    let tenfold = std::iter::successors(Some(step), |step| Some(step * 10.0));
    tenfold
        .take(9)
        .take_while(|step| *step < 1.0 - 1e-9)
        .count()
}

/// An axis of no length gets some; one that begins near zero begins there.
fn opened(low: f64, high: f64) -> (f64, f64) {
    let low = if low >= 0.0 && low < high * 0.6 {
        0.0
    } else {
        low
    };
    if high - low > high.abs() * 1e-9 {
        (low, high)
    } else if high == 0.0 {
        (0.0, 1.0)
    } else {
        (low - high.abs() * 0.1, high + high.abs() * 0.1)
    }
}

/// 1, 2 or 5 times a power of ten, not below `least`.
fn round_step(least: f64) -> f64 {
    let power = 10f64.powf(least.log10().floor());
    let factor = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .find(|factor| factor * power >= least * (1.0 - 1e-9));
    factor.unwrap_or(10.0) * power
}

fn label(value: f64, decimals: usize) -> String {
    if value.abs() >= 1e7 {
        format!("{value:.2e}")
    } else {
        // what rounding leaves of zero is zero
        format!(
            "{:.decimals$}",
            if value.abs() < 1e-12 { 0.0 } else { value }
        )
    }
}

/// Ticks at round times of UTC within both ends.
pub fn of_time(from: Timestamp, to: Timestamp) -> Vec<Tick> {
    let (from, to) = (from.as_second(), to.as_second());
    let span = (to - from).max(1);
    let step = TIME_STEPS
        .into_iter()
        .find(|step| span / step <= TIME_TICKS)
        .unwrap_or(span / TIME_TICKS);
    let first = (from + step - 1).div_euclid(step) * step;
    let last = from.saturating_add(span);
    (first..=last)
        .step_by(usize::try_from(step).unwrap_or(usize::MAX))
        .filter_map(|second| {
            let at = Timestamp::from_second(second).ok()?;
            let label = if step < MINUTE {
                at.strftime("%H:%M:%S").to_string()
            } else if step < DAY && span <= DAY {
                at.strftime("%H:%M").to_string()
            } else if step < DAY {
                at.strftime("%d %b %H:%M").to_string()
            } else {
                at.strftime("%Y-%m-%d").to_string()
            };
            Some(Tick {
                at: second as f64,
                label,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(ticks: &[Tick]) -> Vec<&str> {
        ticks.iter().map(|tick| tick.label.as_str()).collect()
    }

    #[test]
    fn ticks_are_round_and_enclose_the_values() {
        assert_eq!(labels(&of_values(0.1, 0.93)), ["0.0", "0.5", "1.0"]);
        assert_eq!(
            labels(&of_values(980.0, 1210.0)),
            ["900", "1000", "1100", "1200", "1300"]
        );
        assert_eq!(labels(&of_values(0.0, 0.0)), ["0.0", "0.5", "1.0"]);
        for (low, high) in [
            (5.0, 5.0),
            (1e-9, 2e-9),
            (3e8, 4e8),
            (0.0, 1e300),
            (-1.0, 1.0),
        ] {
            let ticks = of_values(low, high);
            assert!(
                ticks[0].at <= low && ticks[ticks.len() - 1].at >= high,
                "{ticks:?}"
            );
            assert!((2..=21).contains(&ticks.len()), "{ticks:?}");
        }
    }

    #[test]
    fn ticks_of_time_are_round_too() {
        let day = |text: &str| text.parse::<Timestamp>().unwrap_or(Timestamp::UNIX_EPOCH);
        let ticks = of_time(day("2026-03-01T05:17:00Z"), day("2026-03-02T05:17:00Z"));
        assert_eq!(labels(&ticks), ["06:00", "12:00", "18:00", "00:00"]);
        let month = of_time(day("2026-03-01T00:00:00Z"), day("2026-03-31T00:00:00Z"));
        assert!(
            month.len() <= 8 && labels(&month).contains(&"2026-03-05"),
            "{month:?}"
        );
    }
}
