//! `leito cost`: what a deployment on AWS costs, from plans and public prices.

use std::path::PathBuf;
use std::process::ExitCode;

use ::bed::{Bed, Quality};
use clap::Args;
use cost::{Deployment, Estimate, Line};

use crate::bed::{Refusal, complain, read};

/// Say what a month on AWS costs
///
/// List prices of us-east-1 without free tiers and tax (docs/cost.md says what is in and what is not).
#[derive(Args)]
#[command(
    after_help = "Examples:\n  leito cost --studies 100 --particles 500\n  leito cost --studies 20 --bed study.bed --on-demand --json"
)]
pub struct CostCommand {
    /// Studies in the month
    #[arg(long, value_name = "N")]
    studies: u32,
    /// Particles of each: water that creeps through spheres in a tube four of them wide, as in examples/demo.bed
    #[arg(long, value_name = "P", required_unless_present = "bed")]
    particles: Option<u32>,
    /// A bed of your own instead
    #[arg(long, value_name = "FILE", conflicts_with = "particles")]
    bed: Option<PathBuf>,
    /// No solver on spare capacity
    #[arg(long)]
    on_demand: bool,
    /// The database is your own and costs nothing here
    #[arg(long)]
    own_database: bool,
    /// Print the estimate as JSON
    #[arg(long)]
    json: bool,
}

impl CostCommand {
    /// Estimates; a bed that cannot be is exit code 2.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let deployment = self.deployment();
        let bed = match (&self.bed, self.particles) {
            (Some(file), _) => read(file)?,
            (None, particles) => Ok(typical(particles.unwrap_or_default())),
        };
        let estimate = bed
            .and_then(|bed| cost::estimate(&bed, self.studies, &deployment).map_err(Refusal::Bed));
        match estimate {
            Err(refusal) => {
                complain(&refusal)?;
                return Ok(ExitCode::from(crate::exit::BAD_INPUT));
            }
            Ok(estimate) if self.json => println!("{:#}", serde_json::to_value(estimate)?),
            Ok(estimate) => print(&estimate),
        }
        Ok(ExitCode::SUCCESS)
    }

    fn deployment(&self) -> Deployment {
        let mut deployment = Deployment::TEMPLATE;
        if self.on_demand {
            deployment.spot_share = 0.0;
        }
        if self.own_database {
            deployment = deployment.without_database();
        }
        deployment
    }
}

/// Water that creeps through so many spheres of 5 mm, with room above them in the tube.
fn typical(particles: u32) -> Bed {
    let mut bed = Bed::new("typical", 0.02, 1.0, 0.005, particles);
    bed.geometry.height_m = 2.0 * bed.expected_bed_height_m();
    bed.flow.fluid_density_kg_m3 = 998.0;
    bed.flow.fluid_viscosity_pa_s = 1e-3;
    bed.flow.velocities_m_s = vec![0.002];
    bed.flow.quality = Quality::Draft;
    bed
}

fn print(estimate: &Estimate) {
    println!("A month without a study");
    print_lines(&estimate.standing);
    println!("One study ({} cells)", estimate.plan.cells);
    print_lines(&estimate.study);
    println!(
        "{:<44}{:>14.2} USD",
        "the month without a study", estimate.standing_usd
    );
    println!("{:<44}{:>14.4} USD", "one study", estimate.study_usd);
    println!(
        "{:<44}{:>14.2} USD",
        format!("the month with {} studies", estimate.studies),
        estimate.month_usd
    );
}

fn print_lines(lines: &[Line]) {
    for line in lines {
        println!(
            "  {:<26}{:>12.4} {:<9}{:>10.4} USD",
            line.what,
            line.quantity,
            line.unit,
            line.usd()
        );
    }
}
