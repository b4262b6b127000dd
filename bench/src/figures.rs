//! Measured figures beside their limits, and whether all of them were met.
#![expect(clippy::print_stdout, reason = "printing figures is what it is for")]

use std::process::ExitCode;
use std::time::Duration;

/// Prints figures and remembers whether one missed its limit.
#[derive(Debug, Default)]
pub struct Figures {
    missed: usize,
}

impl Figures {
    /// A figure that should be at least `limit`; `beside` says what it was made of.
    pub fn at_least(&mut self, what: &str, measured: f64, limit: f64, beside: &str) {
        let line = format!("{what:<54} {measured:8.3}  (at least {limit:.3}; {beside})");
        self.judged(&line, measured >= limit);
    }

    /// A figure that should be at most `limit`.
    pub fn at_most(&mut self, what: &str, measured: f64, limit: f64, beside: &str) {
        let line = format!("{what:<54} {measured:8.3}  (at most {limit}; {beside})");
        self.judged(&line, measured <= limit);
    }

    /// A figure that nothing is asked of.
    pub fn unlimited(&self, what: &str, measured: f64, beside: &str) {
        println!("{what:<54} {measured:8.3}  ({beside})");
    }

    fn judged(&mut self, line: &str, met: bool) {
        println!("{line}{}", if met { "" } else { "  MISSED" });
        self.missed += usize::from(!met);
    }

    /// What the program ends with: a failure when a limit was missed.
    pub fn exit(self) -> ExitCode {
        match self.missed {
            0 => ExitCode::SUCCESS,
            missed => {
                println!("{missed} missed");
                ExitCode::FAILURE
            }
        }
    }
}

/// The value below which this part of the samples lies; zero without samples.
pub fn quantile(samples: &mut [Duration], part: f64) -> Duration {
    samples.sort_unstable();
    let last = samples.len().saturating_sub(1);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the number of samples"
    )]
    let place = (last as f64 * part).round() as usize;
    samples.get(place).copied().unwrap_or_default()
}

/// The middle one of these numbers; not a number without any.
pub fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_unstable_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

/// In milliseconds.
pub fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
