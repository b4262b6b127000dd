//! Following a job to its end: events as they come, shown as a bar or, when piped, as lines.

use std::collections::BTreeSet;
use std::io::IsTerminal;

use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};
use job::{Event, EventKind};
use serde::Deserialize;

use crate::api::{Api, Job};

/// Where progress is shown: standard error, so that the result alone is on standard output.
pub enum Display {
    /// A terminal: one bar for the stage that runs.
    Bar(ProgressBar),
    /// A pipe or a file: a line when something changed worth one.
    Lines(BTreeSet<(String, u64)>),
    /// Nowhere.
    Silent,
}

/// What a progress event says.
#[derive(Deserialize)]
struct Progress {
    stage: String,
    fraction: f64,
    eta_s: Option<f64>,
}

/// A bar moves in so many steps.
const STEPS: u64 = 1000;
/// A piped display says something each time this part of a stage is done.
const LINE_PER_CENT: u32 = 20;

/// Waits until the job can change no more and returns it as it is then.
pub async fn to_the_end(api: &Api, job: &Job, display: &mut Display) -> Result<Job> {
    let mut after = 0;
    loop {
        let news = api.events(&job.id, after).await?;
        for event in &news.events {
            after = event.seq;
            display.show(&job.kind, event);
        }
        let told_all = news.events.last().is_none_or(|last| last.kind.is_final());
        if news.status.is_final() && told_all {
            return api.job(&job.id).await;
        }
    }
}

impl Display {
    /// What fits standard error.
    pub fn new() -> Self {
        if std::io::stderr().is_terminal() {
            Self::Bar(ProgressBar::no_length())
        } else {
            Self::Lines(BTreeSet::new())
        }
    }

    /// Removes the bar.
    pub fn finish(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }

    fn show(&mut self, kind: &str, event: &Event) {
        if event.kind == EventKind::Progress {
            if let Ok(progress) = Progress::deserialize(&event.data) {
                self.progress(kind, &progress);
            }
        } else if let Some(words) = words(event) {
            match self {
                Self::Bar(bar) => bar.suspend(|| eprintln!("{kind}: {words}")),
                Self::Lines(_) => eprintln!("{kind}: {words}"),
                Self::Silent => {}
            }
        }
    }

    fn progress(&mut self, kind: &str, now: &Progress) {
        let fraction = now.fraction.clamp(0.0, 1.0);
        let left = now
            .eta_s
            .map(|eta_s| format!(", about {} left", duration(eta_s)))
            .unwrap_or_default();
        match self {
            Self::Bar(bar) => {
                bar.set_style(style());
                bar.set_length(STEPS);
                bar.set_prefix(format!("{kind}: {}", now.stage));
                bar.set_position(part(fraction, STEPS as f64));
                bar.set_message(left);
            }
            Self::Lines(said) => {
                let step = part(fraction, f64::from(100 / LINE_PER_CENT));
                if said.insert((format!("{kind}/{}", now.stage), step)) {
                    eprintln!("{kind}: {} {:.0} %{left}", now.stage, fraction * 100.0);
                }
            }
            Self::Silent => {}
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a fraction of a small whole number"
)]
fn part(fraction: f64, whole: f64) -> u64 {
    (fraction * whole) as u64
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{prefix:28} {bar:30} {percent:>3} %{msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// What a person wants to know of an event; nothing of those that only machines need.
fn words(event: &Event) -> Option<String> {
    let text = |name: &str| {
        event
            .data
            .get(name)
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let failure = || {
        let failure = event.data.get("failure").unwrap_or(&event.data);
        failure
            .get("message")
            .and_then(serde_json::Value::as_str)
            .unwrap_or("no reason given")
            .to_owned()
    };
    Some(match event.kind {
        EventKind::Queued | EventKind::Progress => return None,
        EventKind::Claimed => match event
            .data
            .get("attempt")
            .and_then(serde_json::Value::as_u64)
        {
            Some(attempt) if attempt > 1 => format!("attempt {attempt}"),
            _ => "started".to_owned(),
        },
        EventKind::StageFinished => format!("{} done", text("stage")),
        EventKind::Reused => format!("{} taken from an earlier study", text("stage")),
        EventKind::Retry => format!("trying again: {}", failure()),
        EventKind::Interrupted => "interrupted, goes on where it was".to_owned(),
        EventKind::CancelRequested => "stopping".to_owned(),
        EventKind::Completed => "completed".to_owned(),
        EventKind::Failed => format!("failed: {}", failure()),
        EventKind::Cancelled => "cancelled".to_owned(),
        EventKind::Retried => "queued again".to_owned(),
    })
}

/// `48 s`, `3 min 20 s`, `2 h 5 min`.
pub fn duration(seconds: f64) -> String {
    let s = part(seconds.clamp(0.0, 1e9).round(), 1.0);
    match s {
        0..=99 => format!("{s} s"),
        100..=5999 => format!("{} min {} s", s / 60, s % 60),
        _ => format!("{} h {} min", s / 3600, s % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well_at_every_size() {
        assert_eq!(duration(0.4), "0 s");
        assert_eq!(duration(99.4), "99 s");
        assert_eq!(duration(200.0), "3 min 20 s");
        assert_eq!(duration(7500.0), "2 h 5 min");
    }
}
