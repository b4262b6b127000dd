//! `leito run`: a study of one `.bed` file, on the system that runs already or on one of its own.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;
use tokio_util::sync::CancellationToken;

use crate::api::Api;
use crate::exit::{self, BadInput};
use crate::report::Report;
use crate::study::{self, Ended, Study};
use crate::system::System;
use crate::{Place, stop};

/// Packs the bed of a file, solves its flows, and prints the result
///
/// Uses the Leito that runs on this machine (`leito up`), or starts one for the time it takes. Ctrl-C cancels the
/// study and stops what was started.
#[derive(Args)]
#[command(
    after_help = "Example:\n  leito run examples/demo.bed\n  leito run my.bed --out /tmp/my --json"
)]
pub struct RunCommand {
    /// The study
    #[arg(value_name = "FILE.bed")]
    file: PathBuf,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    place: Place,
}

/// Where the result goes.
#[derive(Args, Clone, Debug)]
pub struct Output {
    /// Folder for the files [default: studies/<name>, or the first of studies/<name>-2, -3 … that is free]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

impl RunCommand {
    /// Runs the study; the exit code says how it ended.
    pub async fn execute(self) -> Result<ExitCode> {
        let file = self.file.display().to_string();
        let source = std::fs::read_to_string(&self.file)
            .map_err(|error| BadInput(format!("{file}: {error}")))?;
        let stop = stop::on_signal()?;
        Box::pin(study(&source, &file, &self.output, &self.place, stop)).await
    }
}

/// One study from text to files and a printed result.
pub async fn study(
    source: &str,
    file: &str,
    output: &Output,
    place: &Place,
    stop: CancellationToken,
) -> Result<ExitCode> {
    ::bed::parse(source, file).map_err(|diagnostics| BadInput(diagnostics.to_string()))?;
    let folder = place.folder()?;
    if let Some(running) = folder.running()? {
        eprintln!("using the Leito on {}", running.address);
        return on(
            Api::at(&running.address, &folder.key()?)?,
            source,
            output,
            &stop,
        )
        .await;
    }
    let system = System::start(&folder, place, None).await?;
    let ended = on(
        Api::at(system.address(), system.key())?,
        source,
        output,
        &stop,
    )
    .await;
    system.stop().await?;
    ended
}

async fn on(api: Api, source: &str, output: &Output, stop: &CancellationToken) -> Result<ExitCode> {
    let study = Study::submit(&api, source).await?;
    let simulation = match study.follow(&api, stop).await? {
        Ended::Interrupted => return Ok(exit::INTERRUPTED.into()),
        Ended::WithoutResult(why) => {
            eprintln!("{}: {why}", study.bed.name);
            return Ok(exit::NO_RESULT.into());
        }
        Ended::With(simulation) => simulation,
    };
    let seconds = study.submitted.elapsed().as_secs_f64();
    let folder = output.folder(&study.bed.name)?;
    let files = study::download(&api, &simulation, &folder).await?;
    let report = Report {
        name: &study.bed.name,
        simulation: &simulation,
        seconds,
        folder: &folder,
        files: &files,
    };
    if output.json {
        println!("{}", serde_json::to_string_pretty(&report.json())?);
    } else {
        print!("{}", report.text());
    }
    Ok(report.exit_code().into())
}

impl Output {
    /// The folder asked for, or the first free one below `studies`.
    fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self
            .out
            .clone()
            .unwrap_or_else(|| first_free(Path::new("studies"), name));
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
        std::fs::canonicalize(&folder).with_context(|| format!("cannot open {}", folder.display()))
    }
}

fn first_free(parent: &Path, name: &str) -> PathBuf {
    let plain = parent.join(name);
    if !plain.exists() {
        return plain;
    }
    let numbered = (2_u32..).map(|number| parent.join(format!("{name}-{number}")));
    numbered
        .into_iter()
        .find(|folder| !folder.exists())
        .unwrap_or(plain)
}
