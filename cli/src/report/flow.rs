//! What the flows of a simulation have to say, and how that compares with the literature.

use physics::ErrorBand;
use physics::pressure_drop::{Comparison, Spread, spread_in_range};
use serde::Deserialize;
use serde_json::{Value, json};

use super::table::Table;
use super::thousands;
use crate::follow::duration;

/// A computed gradient is sensible when it lies within what the applicable correlations say, made wider by this:
/// they differ among themselves by more.
const WIDENED_BY: f64 = 0.25;

/// A simulation's summary, as far as it is shown.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Summary {
    mesh: Option<Mesh>,
    pub flows: Vec<Flow>,
}

#[derive(Deserialize)]
struct Mesh {
    cells: u64,
    meshed_porosity: f64,
    porosity_difference: f64,
    seconds: f64,
    peak_memory_mb: f64,
}

/// One flow.
#[derive(Deserialize)]
pub struct Flow {
    superficial_velocity_m_s: f64,
    particle_reynolds: f64,
    modified_reynolds: f64,
    iterations: u32,
    converged: bool,
    why_not_converged: Option<String>,
    #[serde(flatten)]
    numbers: Option<Numbers>,
    #[serde(default)]
    warnings: Vec<String>,
    seconds: f64,
    peak_memory_mb: f64,
}

/// What only a converged flow has.
#[derive(Deserialize)]
struct Numbers {
    pressure_drop_pa: f64,
    pressure_gradient_pa_m: f64,
    r_squared: f64,
    friction_factor: f64,
    permeability_m2: f64,
    /// Older results have none.
    error_band: Option<ErrorBand>,
    comparisons: Vec<Comparison>,
}

impl Summary {
    /// Reads what it knows and leaves the rest.
    pub fn read(summary: &Value) -> Self {
        Self::deserialize(summary).unwrap_or_default()
    }

    /// Adds the mesh to the table.
    pub fn describe_mesh(&self, table: &mut Table) {
        let Some(mesh) = &self.mesh else { return };
        table.section("mesh");
        table.row("cells", thousands(mesh.cells));
        let difference = format!(
            "{:.4} ({:+.4})",
            mesh.meshed_porosity, mesh.porosity_difference
        );
        table.row("porosity, meshed", difference);
        table.row("time, memory", cost(mesh.seconds, mesh.peak_memory_mb));
    }
}

impl Flow {
    /// Whether it gave a pressure drop.
    pub fn converged(&self) -> bool {
        self.converged && self.numbers.is_some()
    }

    /// Adds the flow to the table.
    pub fn describe(&self, table: &mut Table) {
        table.section(format!("flow at {} m/s", self.superficial_velocity_m_s));
        let reynolds = format!(
            "{:.3} (Re/(1-porosity) {:.3})",
            self.particle_reynolds, self.modified_reynolds
        );
        table.row("Reynolds number", reynolds);
        match &self.numbers {
            Some(numbers) if self.converged => numbers.describe(table),
            Some(_) | None => table.row("pressure drop", self.no_number()),
        }
        table.row("iterations", self.iterations.to_string());
        table.row("time, memory", cost(self.seconds, self.peak_memory_mb));
        for warning in &self.warnings {
            table.row("note", warning);
        }
    }

    fn no_number(&self) -> String {
        match &self.why_not_converged {
            _ if self.converged => "none: the pressures of its planes are not finite".to_owned(),
            Some(why) => format!("none: not converged ({why})"),
            None => "none: not converged".to_owned(),
        }
    }

    /// Whether the gradient is sensible, for `--json`.
    pub fn verdict_json(&self) -> Value {
        let verdict = self.numbers.as_ref().and_then(Numbers::verdict);
        json!({
            "superficial_velocity_m_s": self.superficial_velocity_m_s,
            "converged": self.converged(),
            "spread_low_pa_m": verdict.map(|(spread, _)| spread.low_pa_m),
            "spread_high_pa_m": verdict.map(|(spread, _)| spread.high_pa_m),
            "spread_widened_by": WIDENED_BY,
            "within_spread": verdict.map(|(_, within)| within),
        })
    }
}

impl Numbers {
    fn describe(&self, table: &mut Table) {
        let band = self.error_band.map_or_else(String::new, sides);
        table.row(
            "pressure drop",
            format!("{} Pa{band}", rounded(self.pressure_drop_pa)),
        );
        let gradient = rounded(self.pressure_gradient_pa_m);
        table.row("pressure gradient", format!("{gradient} Pa/m{band}"));
        table.row(
            "straight line along the bed",
            format!("R² {:.5}", self.r_squared),
        );
        table.row("friction factor", rounded(self.friction_factor));
        table.row("permeability", format!("{:.3e} m²", self.permeability_m2));
        for comparison in &self.comparisons {
            table.row(format!("  {}", comparison.name), self.compared(comparison));
        }
        table.row("compared with the literature", self.verdict_text());
    }

    fn compared(&self, comparison: &Comparison) -> String {
        let expected = comparison.pressure_gradient_pa_m;
        let ratio = self.pressure_gradient_pa_m / expected;
        let range = if comparison.in_range {
            "in range"
        } else {
            "out of range"
        };
        format!(
            "{:>10} Pa/m  computed/this {ratio:.2}  {range} ({})",
            rounded(expected),
            comparison.range
        )
    }

    fn verdict(&self) -> Option<(Spread, bool)> {
        let spread = spread_in_range(&self.comparisons)?;
        Some((
            spread,
            spread.contains(self.pressure_gradient_pa_m, WIDENED_BY),
        ))
    }

    fn verdict_text(&self) -> String {
        let Some((spread, within)) = self.verdict() else {
            return "no correlation covers this case".to_owned();
        };
        format!(
            "{} their spread, {} to {} Pa/m, widened by {:.0} %",
            if within { "within" } else { "OUTSIDE" },
            rounded(spread.low_pa_m),
            rounded(spread.high_pa_m),
            WIDENED_BY * 100.0,
        )
    }
}

/// `, −9 % … +25 %`, rounded away from the value.
fn sides(band: ErrorBand) -> String {
    let per_cent = |share: f64| (share * 100.0).ceil();
    format!(", −{} % … +{} %", per_cent(band.low), per_cent(band.high))
}

fn cost(seconds: f64, peak_memory_mb: f64) -> String {
    format!("{}, {peak_memory_mb:.0} MB", duration(seconds))
}

/// Four digits that count.
fn rounded(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let magnitude = value.abs().log10().floor();
    if !(-4.0..7.0).contains(&magnitude) {
        return format!("{value:.3e}");
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 7"
    )]
    let decimals = (3.0 - magnitude).max(0.0) as usize;
    format!("{value:.decimals$}")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    fn flow(gradient: f64, in_range: bool) -> Flow {
        let comparison = |name: &str, expected: f64| json!({ "name": name, "pressure_gradient_pa_m": expected, "in_range": in_range, "range": "1 ≤ Re ≤ 2" });
        let value = json!({
            "superficial_velocity_m_s": 0.002, "particle_reynolds": 10.0, "modified_reynolds": 18.0, "iterations": 90,
            "converged": true, "why_not_converged": null, "seconds": 12.0, "peak_memory_mb": 300.0,
            "pressure_drop_pa": 1.5, "pressure_gradient_pa_m": gradient, "r_squared": 0.999, "friction_factor": 3.0,
            "permeability_m2": 4e-8, "error_band": { "low": 0.081, "high": 0.24 }, "comparisons": [comparison("low", 40.0), comparison("high", 60.0)],
        });
        Flow::deserialize(value).unwrap()
    }

    #[test]
    fn a_gradient_within_the_widened_spread_is_sensible_and_one_outside_is_said_to_be() {
        let verdict = |gradient| flow(gradient, true).numbers.unwrap().verdict_text();
        for sensible in [30.0, 50.0, 75.0] {
            assert!(verdict(sensible).starts_with("within"), "{sensible}");
        }
        for odd in [29.9, 75.1] {
            assert!(verdict(odd).starts_with("OUTSIDE"), "{odd}");
        }
    }

    #[test]
    fn a_case_that_no_correlation_covers_gets_no_verdict() {
        let flow = flow(50.0, false);
        assert_eq!(flow.verdict_json()["within_spread"], Value::Null);
        assert_eq!(
            flow.numbers.unwrap().verdict_text(),
            "no correlation covers this case"
        );
    }

    #[test]
    fn a_flow_that_did_not_converge_shows_no_number() {
        let mut flow = flow(50.0, true);
        flow.converged = false;
        flow.why_not_converged = Some("residual 3e-3".to_owned());
        let mut table = Table::default();
        flow.describe(&mut table);
        let text = table.to_string();
        assert!(text.contains("not converged (residual 3e-3)"), "{text}");
        assert!(!text.contains("Pa/m"), "{text}");
    }

    #[test]
    fn the_error_band_stands_beside_pressure_drop_and_gradient() {
        let text = |flow: &Flow| {
            let mut table = Table::default();
            flow.describe(&mut table);
            table.to_string()
        };
        let mut flow = flow(50.0, true);
        let with = text(&flow);
        assert!(with.contains("1.500 Pa, −9 % … +24 %\n"), "{with}");
        assert!(with.contains("50.00 Pa/m, −9 % … +24 %\n"), "{with}");
        flow.numbers.as_mut().unwrap().error_band = None;
        assert!(text(&flow).contains("50.00 Pa/m\n"));
    }

    #[test]
    fn numbers_keep_four_digits_at_every_size() {
        assert_eq!(rounded(0.0), "0");
        assert_eq!(rounded(47.2345), "47.23");
        assert_eq!(rounded(0.012_345_6), "0.01235");
        assert_eq!(rounded(12_345.6), "12346");
        assert_eq!(rounded(1.23456e-9), "1.235e-9");
    }
}
