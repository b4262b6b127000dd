//! What Leito costs on AWS: what stands there whatever happens, and what a study adds. From the plan of the study, whose
//! rates were measured (docs/flow.md), and from public prices. Pure: no account is asked for anything.

mod deployment;
pub mod prices;
mod standing;
mod study;

pub use deployment::Deployment;

use bed::{Bed, Plan, Problem};
use serde::Serialize;

/// One item of a bill.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// What is paid for.
    pub what: &'static str,
    /// How much of it.
    pub quantity: f64,
    /// Unit of the quantity.
    pub unit: &'static str,
    /// Price of one unit, in US dollars.
    pub price_usd: f64,
}

impl Line {
    const fn new(what: &'static str, quantity: f64, unit: &'static str, price_usd: f64) -> Self {
        Self {
            what,
            quantity,
            unit,
            price_usd,
        }
    }

    /// Quantity times price, in US dollars.
    pub fn usd(&self) -> f64 {
        self.quantity * self.price_usd
    }
}

/// What a month is expected to cost.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// What one study is expected to take on the solver's machine.
    pub plan: Plan,
    /// Studies in the month, each a bed of its own.
    pub studies: u32,
    /// The month without any study.
    pub standing: Vec<Line>,
    /// One study, its files kept for a month and fetched once.
    pub study: Vec<Line>,
    /// Sum of the standing lines, in US dollars.
    pub standing_usd: f64,
    /// Sum of the lines of one study, in US dollars.
    pub study_usd: f64,
    /// Everything, in US dollars.
    pub month_usd: f64,
}

/// What a month with so many studies like `bed` costs; or why such a bed cannot be.
pub fn estimate(
    bed: &Bed,
    studies: u32,
    deployment: &Deployment,
) -> Result<Estimate, Vec<Problem>> {
    let plan = bed::plan(bed, &study::machine(deployment))?;
    let standing = standing::lines(deployment);
    let study = study::lines(bed, &plan, deployment);
    let standing_usd = standing.iter().map(Line::usd).sum();
    let study_usd = study.iter().map(Line::usd).sum();
    Ok(Estimate {
        plan,
        studies,
        standing,
        study,
        standing_usd,
        study_usd,
        month_usd: standing_usd + f64::from(studies) * study_usd,
    })
}

#[cfg(test)]
mod tests;
