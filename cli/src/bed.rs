//! `leito bed …`: what can be said about a `.bed` file without running anything.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{fs, io};

use ::bed::{Bed, Diagnostics, Machine, Plan, Problem, readable};
use anyhow::Context as _;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

/// Reads, checks, formats, converts and plans beds.
#[derive(Debug, Subcommand)]
pub enum BedCommand {
    /// Say everything that is wrong with a file, the language first and then whether such a bed can be.
    #[command(after_help = "Example:\n  leito bed check examples/demo.bed")]
    Check(CheckArgs),
    /// Print a file in the canonical form: no comments, no defaults, the shortest units.
    #[command(
        after_help = "Example:\n  leito bed fmt study.bed\n  leito bed json study.bed | leito bed fmt -"
    )]
    Fmt(FmtArgs),
    /// Print a bed as JSON, as the API takes it, with every default filled in.
    #[command(after_help = "Example:\n  leito bed json examples/demo.bed")]
    Json(Source),
    /// Print what a study is expected to be and to take: height, porosity, cells, memory, minutes, cost.
    #[command(
        after_help = "Example:\n  leito bed plan examples/demo.bed --cores 8 --memory-mb 16000"
    )]
    Plan(PlanArgs),
    /// Print the JSON Schema of a bed.
    #[command(after_help = "Example:\n  leito bed schema > bed.schema.json")]
    Schema {
        /// The schema is JSON either way.
        #[arg(long)]
        json: bool,
    },
}

/// Where the bed comes from.
#[derive(Debug, Args)]
pub struct Source {
    /// A `.bed` file, a bed as JSON (recognised by its first character), or `-` for standard input.
    file: PathBuf,
    /// Print JSON, errors too.
    #[arg(long)]
    json: bool,
}

/// Arguments of `leito bed check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    machine: MachineArgs,
}

/// Arguments of `leito bed fmt`.
#[derive(Debug, Args)]
pub struct FmtArgs {
    #[command(flatten)]
    source: Source,
    /// Write the file itself instead of printing. Comments in it are lost.
    #[arg(long)]
    write: bool,
}

/// Arguments of `leito bed plan`.
#[derive(Debug, Args)]
pub struct PlanArgs {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    machine: MachineArgs,
}

/// The machine a plan is for: this one, as for a study that runs here, unless told otherwise.
#[derive(Debug, Args)]
struct MachineArgs {
    /// Cores of the machine.
    #[arg(long, default_value_t = runtime::Machine::detect().cores)]
    cores: u32,
    /// Memory of the machine in MB.
    #[arg(long, default_value_t = detected_memory_mb())]
    memory_mb: f64,
    /// Longest time a study may take, in minutes.
    #[arg(long, default_value_t = Machine::default().max_minutes)]
    max_minutes: f64,
    /// Price of a core for an hour, in US dollars.
    #[arg(long, default_value_t = Machine::default().price_per_core_hour_usd)]
    price: f64,
}

impl MachineArgs {
    fn machine(&self) -> Machine {
        Machine {
            cores: self.cores,
            memory_mb: self.memory_mb,
            max_minutes: self.max_minutes,
            price_per_core_hour_usd: self.price,
        }
    }
}

fn detected_memory_mb() -> f64 {
    runtime::Machine::detect().memory_mb as f64
}

/// Why there is no answer.
pub enum Refusal {
    Source(Diagnostics),
    Bed(Vec<Problem>),
}

impl BedCommand {
    /// Runs the command. A bed that is refused is exit code 2; a file that cannot be read is an error.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Check(args) => args.run(),
            Self::Fmt(args) => args.run(),
            Self::Json(source) => {
                source.answer(|bed| Ok(bed::to_json(bed)), |json| format!("{json:#}\n"))
            }
            Self::Plan(args) => {
                let machine = args.machine.machine();
                let plan = |bed: &Bed| ::bed::plan(bed, &machine).map_err(Refusal::Bed);
                args.source.answer(plan, |plan| plan_table(plan, &machine))
            }
            Self::Schema { .. } => {
                print(&format!("{:#}\n", ::bed::json_schema()))?;
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

impl CheckArgs {
    fn run(self) -> anyhow::Result<ExitCode> {
        let machine = self.machine.machine();
        let check = |bed: &Bed| match ::bed::plan(bed, &machine) {
            Ok(_) => Ok(json!({ "ok": true, "name": bed.name })),
            Err(problems) => Err(Refusal::Bed(problems)),
        };
        let name = self.source.file.display().to_string();
        self.source
            .answer(check, |_| format!("{name}: nothing wrong\n"))
    }
}

impl FmtArgs {
    fn run(self) -> anyhow::Result<ExitCode> {
        if !self.write {
            let text = |text: &Value| text["source"].as_str().unwrap_or_default().to_owned();
            return self
                .source
                .answer(|bed| Ok(json!({ "source": ::bed::format(bed) })), text);
        }
        anyhow::ensure!(
            self.source.file != Path::new("-"),
            "--write needs a file, not `-`"
        );
        match read(&self.source.file)? {
            Ok(bed) => {
                fs::write(&self.source.file, ::bed::format(&bed))
                    .with_context(|| format!("cannot write {}", self.source.file.display()))?;
                Ok(ExitCode::SUCCESS)
            }
            Err(refusal) => self.source.refuse(&refusal),
        }
    }
}

impl Source {
    /// Reads the bed, asks, and prints the answer or why there is none.
    fn answer<T: serde::Serialize>(
        &self,
        ask: impl FnOnce(&Bed) -> Result<T, Refusal>,
        text: impl FnOnce(&T) -> String,
    ) -> anyhow::Result<ExitCode> {
        match read(&self.file)?.and_then(|bed| ask(&bed)) {
            Ok(answer) if self.json => print(&format!("{:#}\n", serde_json::to_value(answer)?))?,
            Ok(answer) => print(&text(&answer))?,
            Err(refusal) => return self.refuse(&refusal),
        }
        Ok(ExitCode::SUCCESS)
    }

    fn refuse(&self, refusal: &Refusal) -> anyhow::Result<ExitCode> {
        if self.json {
            let errors = match refusal {
                Refusal::Source(diagnostics) => json!(diagnostics.reports()),
                Refusal::Bed(problems) => json!(problems),
            };
            print(&format!("{:#}\n", json!({ "ok": false, "errors": errors })))?;
        } else {
            complain(refusal)?;
        }
        Ok(ExitCode::from(crate::exit::BAD_INPUT))
    }
}

/// Reads a bed in either form.
pub fn read(file: &Path) -> anyhow::Result<Result<Bed, Refusal>> {
    let (text, name) = if file == Path::new("-") {
        let mut text = String::new();
        io::stdin()
            .read_to_string(&mut text)
            .context("cannot read standard input")?;
        (text, "standard input".to_owned())
    } else {
        let name = file.display().to_string();
        (
            fs::read_to_string(file).with_context(|| format!("cannot read {name}"))?,
            name,
        )
    };
    let is_json = text.trim_start().starts_with('{');
    Ok(if is_json {
        ::bed::from_json(&text).map_err(Refusal::Bed)
    } else {
        ::bed::parse(&text, &name).map_err(Refusal::Source)
    })
}

/// A plan for people.
fn plan_table(plan: &Plan, machine: &Machine) -> String {
    let rows = [
        ("particles", plan.particle_count.to_string()),
        (
            "tube to particle ratio N",
            format!("{:.2}", plan.tube_to_particle_ratio),
        ),
        (
            "bed height",
            format!("{} ({:.1} layers)", height(plan), plan.layers),
        ),
        (
            "porosity",
            format!(
                "{:.3} ({:.3} to {:.3})",
                plan.porosity_expected, plan.porosity_low, plan.porosity_high
            ),
        ),
        ("cells", plan.cells.to_string()),
        ("memory", format!("{:.0} MB", plan.memory_mb)),
        ("packing", format!("{:.1} min", plan.packing_minutes)),
        ("meshing", format!("{:.1} min", plan.meshing_minutes)),
        ("solving", format!("{:.1} min", plan.solving_minutes)),
        (
            "in all",
            format!("{:.1} min on {} cores", plan.minutes, machine.cores),
        ),
        ("cost", format!("{:.4} USD", plan.cost_usd)),
    ];
    let lines = rows.map(|(name, value)| format!("{name:<26}{value}\n"));
    lines.concat()
}

fn height(plan: &Plan) -> String {
    let millimetre_tenths = (plan.expected_bed_height_m * 1e4).round() / 1e4;
    readable(millimetre_tenths, ::bed::Dimension::Length)
}

fn print(text: &str) -> io::Result<()> {
    use io::Write as _;
    io::stdout().write_all(text.as_bytes())
}

/// Says on standard error why there is no answer.
pub fn complain(refusal: &Refusal) -> io::Result<()> {
    use io::Write as _;
    let mut stderr = io::stderr();
    match refusal {
        Refusal::Source(diagnostics) => write!(stderr, "{diagnostics}"),
        Refusal::Bed(problems) => problems
            .iter()
            .try_for_each(|problem| writeln!(stderr, "error: {problem}")),
    }
}
