//! What an engine runs with, made from what the worker gives.

use std::path::PathBuf;
use std::sync::Arc;

use engine::Context;
use worker::Work;

/// Which part of a stage one engine run is: the first of one, or the third of five equal ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Parts that are done already.
    pub done: usize,
    /// All parts, this one included.
    pub of: usize,
}

impl Share {
    /// The only part.
    pub const WHOLE: Self = Self { done: 0, of: 1 };

    /// The fraction of the stage, from that of this part.
    fn fraction(self, of_part: f64) -> f64 {
        (self.done as f64 + of_part) / self.of.max(1) as f64
    }

    /// Seconds left of the stage, from those left of this part: each part still to come takes as long as this one will
    /// have taken at its rate so far.
    fn eta_s(self, of_part: f64, part_eta_s: f64) -> Option<f64> {
        let to_come = self.of.saturating_sub(self.done + 1);
        if to_come == 0 {
            return Some(part_eta_s);
        }
        (of_part < 1.0).then(|| part_eta_s + to_come as f64 * part_eta_s / (1.0 - of_part))
    }
}

/// The context of an engine run in `dir`, whose progress is reported as that share of the stage.
pub fn context(work: &Work, dir: PathBuf, share: Share) -> Context {
    let report = work.reporter();
    Context {
        dir,
        cores: work.cores,
        cancel: work.cancel.clone(),
        progress: Arc::new(move |now| {
            report(job::Progress {
                stage: now.stage.to_owned(),
                fraction: share.fraction(now.fraction),
                eta_s: now.eta_s.and_then(|eta_s| share.eta_s(now.fraction, eta_s)),
            });
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::Share;

    #[test]
    fn the_only_part_is_the_stage() {
        assert_eq!(
            (Share::WHOLE.fraction(0.3), Share::WHOLE.eta_s(0.3, 7.0)),
            (0.3, Some(7.0))
        );
    }

    #[test]
    fn a_part_counts_for_its_share_and_those_to_come_take_as_long() {
        let second = Share { done: 1, of: 4 };
        assert!((second.fraction(0.5) - 0.375).abs() < 1e-15);
        // 10 s left at half: 20 s each, two more to come
        assert_eq!(second.eta_s(0.5, 10.0), Some(50.0));
        assert_eq!(second.eta_s(1.0, 0.0), None);
    }
}
