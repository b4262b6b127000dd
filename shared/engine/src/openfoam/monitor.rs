//! Follows the solver's log and decides whether the flow has converged.
//! Pure: lines in, judgement out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Iterations over which the pressure drop must stand still.
pub const DRIFT_ITERATIONS: usize = 50;
/// By how much, as a share of it, the pressure drop may still move over [`DRIFT_ITERATIONS`].
pub const MAX_DRIFT: f64 = 1e-3;
/// Largest difference between the flow out and the flow in, as a share of the flow in.
pub const MAX_MASS_IMBALANCE: f64 = 1e-3;

/// What one iteration of the solver left in its log.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Iteration {
    /// Its number, from 1.
    pub iteration: u32,
    /// Initial residual of each equation.
    pub residuals: BTreeMap<String, f64>,
    /// Mean kinematic pressure of the inlet less that of the outlet.
    pub kinematic_pressure_drop_m2_s2: f64,
    /// |flow out − flow in| / flow in.
    pub mass_imbalance: f64,
}

/// Why a flow counts as converged or not.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Convergence {
    /// Largest residual of the last iteration.
    pub residual: f64,
    /// Movement of the pressure drop over the last [`DRIFT_ITERATIONS`], as a share of it; `None` before as many.
    pub pressure_drift: Option<f64>,
    /// Imbalance of the last iteration.
    pub mass_imbalance: f64,
}

impl Convergence {
    /// Whether all three are small enough.
    pub fn reached(&self, max_residual: f64) -> bool {
        self.residual < max_residual
            && self.pressure_drift.is_some_and(|drift| drift < MAX_DRIFT)
            && self.mass_imbalance < MAX_MASS_IMBALANCE
    }

    /// The worst of those known over its bound.
    fn excess(&self, max_residual: f64) -> f64 {
        let drift = self.pressure_drift.unwrap_or(0.0) / MAX_DRIFT;
        (self.residual / max_residual)
            .max(self.mass_imbalance / MAX_MASS_IMBALANCE)
            .max(drift)
    }
}

/// The state of a run.
#[derive(Debug, Default)]
pub struct Monitor {
    max_residual: f64,
    max_iterations: u32,
    /// Every finished iteration.
    pub history: Vec<Iteration>,
    current: Iteration,
    inlet_pressure: f64,
    inlet_flow: f64,
    /// Whose value the next line gives.
    quantity: Option<Quantity>,
    fraction: f64,
}

#[derive(Debug, Clone, Copy)]
enum Quantity {
    InletPressure,
    OutletPressure,
    InletFlow,
    OutletFlow,
}

impl Monitor {
    /// For a run with the bed's own criterion and limit.
    pub fn new(max_residual: f64, max_iterations: u32) -> Self {
        Self {
            max_residual,
            max_iterations,
            ..Self::default()
        }
    }

    /// Takes one line of the log; true when it completes an iteration.
    pub fn line(&mut self, line: &str) -> bool {
        if let Some(number) = line
            .strip_prefix("Time = ")
            .and_then(|n| n.trim().parse().ok())
        {
            self.current = Iteration {
                iteration: number,
                ..Iteration::default()
            };
        } else if let Some((name, residual)) = residual(line) {
            self.current
                .residuals
                .entry(name.to_owned())
                .or_insert(residual);
        } else if let Some(name) = line.strip_prefix("surfaceFieldValue ") {
            self.quantity = quantity(name);
        } else if let Some(quantity) = self.quantity
            && let Some(value) = line
                .rsplit_once(" = ")
                .and_then(|(_, v)| v.trim().parse().ok())
        {
            self.quantity = None;
            return self.value(quantity, value);
        }
        false
    }

    fn value(&mut self, quantity: Quantity, value: f64) -> bool {
        match quantity {
            Quantity::InletPressure => self.inlet_pressure = value,
            Quantity::OutletPressure => {
                self.current.kinematic_pressure_drop_m2_s2 = self.inlet_pressure - value;
            }
            Quantity::InletFlow => self.inlet_flow = value,
            Quantity::OutletFlow => {
                self.current.mass_imbalance =
                    (value + self.inlet_flow).abs() / self.inlet_flow.abs();
                self.history.push(std::mem::take(&mut self.current));
                return true;
            }
        }
        false
    }

    /// How converged the run is; `None` before its first iteration ended.
    pub fn convergence(&self) -> Option<Convergence> {
        let last = self.history.last()?;
        let recent = self.history.len().checked_sub(DRIFT_ITERATIONS + 1);
        Some(Convergence {
            residual: last.residuals.values().copied().fold(0.0, worst),
            pressure_drift: recent.map(|first| drift(&self.history[first..])),
            mass_imbalance: last.mass_imbalance,
        })
    }

    /// Whether the solver can stop: converged, or lost.
    pub fn may_stop(&self) -> bool {
        self.converged() || self.diverged()
    }

    /// Whether residuals, drift of the pressure drop and mass imbalance are all small enough.
    pub fn converged(&self) -> bool {
        self.convergence()
            .is_some_and(|c| c.reached(self.max_residual))
    }

    /// Whether the numbers stopped being numbers.
    pub fn diverged(&self) -> bool {
        self.history.last().is_some_and(|last| {
            !last.kinematic_pressure_drop_m2_s2.is_finite()
                || last
                    .residuals
                    .values()
                    .any(|residual| !residual.is_finite())
        })
    }

    /// Share of the way, never falling: how far, on a logarithmic scale, whatever is farthest from its bound has come
    /// from where the residuals started, and at least the share of the iterations allowed.
    pub fn fraction(&mut self) -> f64 {
        let done = self.history.len() as f64;
        let of_limit = done / f64::from(self.max_iterations.max(1));
        let of_decay = self
            .decay()
            .unwrap_or(0.0)
            .min(done / (DRIFT_ITERATIONS + 1) as f64);
        self.fraction = self.fraction.max(of_limit).max(of_decay).min(1.0);
        self.fraction
    }

    fn decay(&self) -> Option<f64> {
        let start = self
            .history
            .first()?
            .residuals
            .values()
            .copied()
            .fold(0.0, worst);
        let now = self.convergence()?.excess(self.max_residual);
        let decay = 1.0 - now.max(1.0).ln() / (start / self.max_residual).max(10.0).ln();
        decay.is_finite().then(|| decay.clamp(0.0, 1.0))
    }
}

/// The larger; not-a-number is the largest of all.
fn worst(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else {
        a.max(b)
    }
}

/// Range of the pressure drop over some iterations, as a share of the last.
fn drift(iterations: &[Iteration]) -> f64 {
    let drops = || iterations.iter().map(|i| i.kinematic_pressure_drop_m2_s2);
    let (low, high) = (
        drops().fold(f64::INFINITY, f64::min),
        drops().fold(f64::NEG_INFINITY, f64::max),
    );
    let last = drops().next_back().unwrap_or(f64::NAN);
    (high - low) / last.abs()
}

/// Equation and initial residual in `…: Solving for Ux, Initial residual = 0.1, Final residual …`.
fn residual(line: &str) -> Option<(&str, f64)> {
    let (_, rest) = line.split_once("Solving for ")?;
    let (name, rest) = rest.split_once(", Initial residual = ")?;
    let number = rest.split(',').next()?.trim();
    Some((name, number.parse().ok()?))
}

fn quantity(name: &str) -> Option<Quantity> {
    match name.split_whitespace().next()? {
        "inletPressure" => Some(Quantity::InletPressure),
        "outletPressure" => Some(Quantity::OutletPressure),
        "inletFlow" => Some(Quantity::InletFlow),
        "outletFlow" => Some(Quantity::OutletFlow),
        _ => None,
    }
}

#[cfg(test)]
#[path = "monitor_tests.rs"]
mod tests;
