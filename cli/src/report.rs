//! The result of a study, for people and as JSON.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::api::{Packing, Simulation};
use crate::exit;
use crate::follow::duration;

mod flow;
mod table;

use flow::{Flow, Summary};
use table::Table;

/// Everything that is said of a finished study.
pub struct Report<'a> {
    pub name: &'a str,
    pub simulation: &'a Simulation,
    /// From submission to result.
    pub seconds: f64,
    /// Where the files are.
    pub folder: &'a Path,
    pub files: &'a [PathBuf],
}

/// What a plan expects, in two lines.
pub fn plan(plan: &bed::Plan) -> String {
    format!(
        "{} spheres, N = {:.2}, a bed of about {:.1} mm ({:.1} layers), porosity {:.3} to {:.3}\n\
         about {} cells, {:.0} MB, {}",
        plan.particle_count,
        plan.tube_to_particle_ratio,
        plan.expected_bed_height_m * 1e3,
        plan.layers,
        plan.porosity_low,
        plan.porosity_high,
        thousands(plan.cells),
        plan.memory_mb,
        duration(plan.minutes * 60.0),
    )
}

impl Report<'_> {
    /// For `--json`.
    pub fn json(&self) -> Value {
        let flows = self.flows();
        json!({
            "name": self.name,
            "seconds": self.seconds,
            "folder": self.folder,
            "files": self.files,
            "simulation": self.simulation,
            "verdicts": flows.iter().map(Flow::verdict_json).collect::<Vec<_>>(),
        })
    }

    /// The table on the screen.
    pub fn text(&self) -> String {
        let mut table = Table::default();
        let summary = self.summary();
        if let Some(packing) = &self.simulation.packing {
            packed(&mut table, packing);
        }
        summary.describe_mesh(&mut table);
        for flow in self.flows() {
            flow.describe(&mut table);
        }
        format!(
            "\n{}\n{}\n{} files in {}\nsubmit to result: {}\n",
            self.name,
            table,
            self.files.len(),
            self.folder.display(),
            duration(self.seconds),
        )
    }

    /// A study in which a flow gave no number has no result.
    pub fn exit_code(&self) -> u8 {
        let flows = self.flows();
        let all_converged = !flows.is_empty() && flows.iter().all(Flow::converged);
        if all_converged {
            exit::DONE
        } else {
            exit::NO_RESULT
        }
    }

    fn summary(&self) -> Summary {
        self.simulation
            .summary
            .as_ref()
            .map(Summary::read)
            .unwrap_or_default()
    }

    fn flows(&self) -> Vec<Flow> {
        self.summary().flows
    }
}

fn packed(table: &mut Table, packing: &Packing) {
    table.section("packing");
    let all = packing.particles_inside + packing.particles_escaped;
    table.row(
        "particles inside",
        format!("{} of {all}", packing.particles_inside),
    );
    table.row(
        "came to rest",
        if packing.settled { "all" } else { "not all" },
    );
    table.row(
        "bed height",
        format!("{:.2} mm", packing.bed_height_m * 1e3),
    );
    table.row("porosity, packed", format!("{:.4}", packing.bulk_porosity));
    if let Some(core) = packing.core_porosity {
        table.row("porosity, away from the wall", format!("{core:.4}"));
    }
    table.row(
        "contacts per particle",
        format!("{:.2}", packing.mean_coordination),
    );
    table.row("largest overlap", per_cent_of_d(packing.max_overlap_ratio));
    table.row(
        "deepest in the wall",
        per_cent_of_d(packing.wall_penetration_ratio),
    );
}

fn per_cent_of_d(ratio: f64) -> String {
    format!("{:.3} % of a diameter", ratio * 100.0)
}

/// `137 512`: groups of three.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .filter_map(|group| std::str::from_utf8(group).ok())
        .collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn numbers_are_grouped_from_the_right() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(137_512), "137 512");
        assert_eq!(thousands(1_000_000), "1 000 000");
    }
}
