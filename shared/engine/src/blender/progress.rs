//! From the lines of the packing script to progress: frames and the share of particles at rest, nothing else.

use std::time::Instant;

use crate::Progress;

/// Hears the script's lines.
#[derive(Default)]
pub(super) struct Follower {
    physics_began: Option<Instant>,
    fraction: f64,
    exports: u32,
}

impl Follower {
    /// The progress a line tells, if it tells any.
    pub(super) fn hear(&mut self, line: &str, now: Instant) -> Option<Progress> {
        let mut words = line.strip_prefix("leito ")?.split_whitespace();
        let what = words.next()?;
        let number = |name: &str| {
            let mut pairs = line
                .split_whitespace()
                .filter_map(|word| word.split_once('='));
            pairs.find(|(key, _)| *key == name)?.1.parse::<f64>().ok()
        };
        match what {
            "setup" => Some(Progress {
                stage: "packing",
                fraction: 0.0,
                eta_s: None,
            }),
            "frame" => {
                Some(self.frame(number("number")?, number("fall")?, number("at_rest")?, now))
            }
            "export" => {
                let fraction = f64::from(self.exports) / number("of")?.max(1.0);
                self.exports += 1;
                Some(Progress {
                    stage: "exporting",
                    fraction,
                    eta_s: None,
                })
            }
            _ => None,
        }
    }

    /// Half of the packing is the fall, whose time is known; the other half is coming to rest, of which the share of
    /// particles at rest is the measure. Particles that are set moving again do not turn the bar back.
    fn frame(&mut self, number: f64, fall: f64, at_rest: f64, now: Instant) -> Progress {
        let began = *self.physics_began.get_or_insert(now);
        let fallen = (number / fall.max(1.0)).min(1.0);
        self.fraction = self.fraction.max(0.5 * fallen + 0.5 * at_rest * fallen);
        let elapsed = now.duration_since(began).as_secs_f64();
        let eta_s = (self.fraction > 0.05).then(|| elapsed * (1.0 - self.fraction) / self.fraction);
        Progress {
            stage: "packing",
            fraction: self.fraction,
            eta_s,
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::time::{Duration, Instant};

    use super::Follower;

    #[test]
    fn progress_follows_fall_and_rest_and_never_turns_back() {
        let (mut follower, start) = (Follower::default(), Instant::now());
        let mut hear = |number: u32, at_rest: f64| {
            let line = format!("leito frame number={number} fall=50 at_rest={at_rest}");
            follower
                .hear(&line, start + Duration::from_secs(u64::from(number)))
                .unwrap()
        };
        let fractions = [
            hear(0, 0.0),
            hear(25, 0.0),
            hear(50, 0.5),
            hear(60, 0.4),
            hear(70, 1.0),
        ];
        let percents = fractions.map(|progress| format!("{:.0}", 100.0 * progress.fraction));
        assert_eq!(percents, ["0", "25", "75", "75", "100"]);
        assert_eq!(fractions[1].eta_s, Some(75.0));
    }

    #[test]
    fn other_lines_tell_nothing() {
        let mut follower = Follower::default();
        for line in [
            "Blender 3.4.1",
            "leito",
            "leito frame number=x fall=1 at_rest=0",
            "leito done frames=3",
        ] {
            assert_eq!(follower.hear(line, Instant::now()), None, "{line}");
        }
    }
}
