//! Prometheus's text format, version 0.0.4: <https://prometheus.io/docs/instrumenting/exposition_formats/>.

use std::fmt::Write;

/// What kind of figure it is.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Grows.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Counts in classes.
    Histogram,
}

/// A label and its value.
type Label<'a> = (&'a str, &'a str);

/// Figures, one line each.
#[derive(Debug, Default)]
pub struct Text(String);

impl Text {
    /// Says what the samples of that name are that follow.
    pub fn about(&mut self, name: &str, kind: Kind, help: &str) {
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        self.line(format_args!("# HELP {name} {help}"));
        self.line(format_args!("# TYPE {name} {kind}"));
    }

    /// One figure.
    pub fn sample(&mut self, name: &str, labels: &[Label<'_>], value: f64) {
        let labels: Vec<String> = labels
            .iter()
            .map(|(label, value)| format!("{label}=\"{}\"", escaped(value)))
            .collect();
        if labels.is_empty() {
            self.line(format_args!("{name} {value}"));
        } else {
            self.line(format_args!("{name}{{{}}} {value}", labels.join(",")));
        }
    }

    /// A histogram: how many were at most each bound, how many there are, and their sum.
    pub fn histogram(
        &mut self,
        name: &str,
        labels: &[Label<'_>],
        at_most: &[(f64, f64)],
        count: f64,
        sum: f64,
    ) {
        let bucket = format!("{name}_bucket");
        for (bound, held) in at_most {
            let bound = bound.to_string();
            self.sample(&bucket, &[labels, &[("le", &bound)]].concat(), *held);
        }
        self.sample(&bucket, &[labels, &[("le", "+Inf")]].concat(), count);
        self.sample(&format!("{name}_sum"), labels, sum);
        self.sample(&format!("{name}_count"), labels, count);
    }

    /// The whole text.
    pub fn into_string(self) -> String {
        self.0
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // A string takes everything.
        let _ = writeln!(self.0, "{line}");
    }
}

fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_a_line_with_escaped_labels() {
        let mut text = Text::default();
        text.sample("plain", &[], 1.5);
        text.sample("labelled", &[("a", "x\"y\\z\n"), ("b", "")], 2.0);
        assert_eq!(
            text.into_string(),
            "plain 1.5\nlabelled{a=\"x\\\"y\\\\z\\n\",b=\"\"} 2\n"
        );
    }

    #[test]
    fn a_histogram_ends_with_everything() {
        let mut text = Text::default();
        text.about("took", Kind::Histogram, "How long.");
        text.histogram("took", &[("of", "x")], &[(0.5, 1.0)], 3.0, 4.25);
        assert_eq!(
            text.into_string(),
            "# HELP took How long.\n# TYPE took histogram\n\
             took_bucket{of=\"x\",le=\"0.5\"} 1\ntook_bucket{of=\"x\",le=\"+Inf\"} 3\n\
             took_sum{of=\"x\"} 4.25\ntook_count{of=\"x\"} 3\n"
        );
    }
}
