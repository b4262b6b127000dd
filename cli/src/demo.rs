//! `leito demo`: the example, from nothing to a result.

use std::process::ExitCode;

use clap::Args;

use crate::run::{self, Output};
use crate::{Place, stop};

const SOURCE: &str = include_str!("../../examples/demo.bed");

/// Packs and solves the example bed, prints the result and leaves nothing running
///
/// The files go to studies/demo in the current folder.
#[derive(Args)]
#[command(after_help = "Example:\n  leito demo\n  leito demo --json > demo.json")]
pub struct DemoCommand {
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    place: Place,
}

impl DemoCommand {
    /// Runs the study; the exit code says how it ended.
    pub async fn execute(self) -> anyhow::Result<ExitCode> {
        let stop = stop::on_signal()?;
        let study = run::study(SOURCE, "examples/demo.bed", &self.output, &self.place, stop);
        Box::pin(study).await
    }
}
