//! Packing a bed with the rigid-body physics of Blender: starts it, follows it, judges what it made.
//! How the particles move is in `shared/engine/blender/pack_bed.py`, what is good enough in [`gates`].

mod analysis;
mod gates;
mod packing;
mod progress;
mod table;

use std::path::Path;
use std::time::{Duration, Instant};

use bed::Bed;
use serde::Deserialize;
use serde_json::json;

pub use self::packing::{ExpectedPorosity, File, Packing, Seconds, Versions};
pub use self::table::{Particle, read_particles, read_table};
use crate::process::{Command, Limits, Outcome};
use crate::{Context, EngineError};

const PROGRAM: &str = "blender";
/// The table of particles, in the run's folder.
pub const TABLE: &str = "particles.csv";
/// The numbers of the packing, in the run's folder.
pub const REPORT: &str = "packing.json";
const INPUT: &str = "packing_input.json";
const OUTPUT: &str = "packing_output.json";
const SCRIPT: &str = "pack_bed.py";
const SOURCES: [(&str, &str); 2] = [
    (SCRIPT, include_str!("../blender/pack_bed.py")),
    (
        "bed_geometry.py",
        include_str!("../blender/bed_geometry.py"),
    ),
];

/// What the script tells when it is done.
#[derive(Debug, Deserialize)]
struct Output {
    blender: String,
    simulated_s: f64,
    moving: Vec<u32>,
    times_s: ScriptSeconds,
}

#[derive(Debug, Deserialize)]
struct ScriptSeconds {
    physics: f64,
    export: f64,
}

/// Packs the bed in the context's folder. `Ok` means that the packing passed every gate; a packing that did not is
/// [`EngineError::Rejected`] with its numbers, and its files stay in the folder.
pub async fn pack(bed: &Bed, context: &Context) -> Result<Packing, EngineError> {
    for (name, source) in SOURCES {
        write(&context.dir.join(name), source)?;
    }
    write(&context.dir.join(INPUT), &input(bed).to_string())?;
    let outcome = run(context).await?;
    context.report("analysing", 0.0, None);
    let (bed, dir) = (bed.clone(), context.dir.clone());
    let measured = tokio::task::spawn_blocking(move || measure(&bed, &dir, outcome)).await;
    let packing =
        measured.map_err(|panic| EngineError::io("the analysis broke off")(panic.into()))??;
    context.report("analysing", 1.0, Some(0.0));
    Ok(packing)
}

/// Measures what Blender left in `dir`, writes `packing.json` and judges it.
fn measure(bed: &Bed, dir: &Path, outcome: Outcome) -> Result<Packing, EngineError> {
    let began = Instant::now();
    let output: Output = read_json(&dir.join(OUTPUT))?;
    let table = read_table(&dir.join(TABLE))?;
    let mut packing = analysis::analyse(bed, &table, &output.moving)?;
    packing.simulated_s = output.simulated_s;
    packing.peak_memory_mb = outcome.peak_memory_mb;
    packing.versions.blender = output.blender;
    packing.files = files(bed, dir)?;
    let ScriptSeconds { physics, export } = output.times_s;
    // what Blender takes to start and to end counts as setting up
    let setup = outcome.seconds - physics - export;
    packing.times_s = Seconds {
        setup,
        physics,
        export,
        analysis: began.elapsed().as_secs_f64(),
    };
    let report = serde_json::to_string_pretty(&packing)
        .map_err(|error| EngineError::io(REPORT)(error.into()))?;
    write(&dir.join(REPORT), &report)?;
    packing.files.push(File::describe(dir, REPORT)?);
    gates::judge(bed, &packing)?;
    Ok(packing)
}

/// The version of the installed Blender, such as `3.4.1`.
pub async fn version(context: &Context) -> Result<String, EngineError> {
    let mut version = None;
    let command = Command::new("blender-version", PROGRAM, &context.dir).arg("--version");
    let listener = |line: &str| {
        version = version
            .take()
            .or_else(|| line.strip_prefix("Blender ").map(str::to_owned));
    };
    command.run(&context.cancel, listener).await?;
    version.ok_or_else(|| {
        EngineError::malformed(Path::new("log.blender-version"), "it names no version")
    })
}

fn input(bed: &Bed) -> serde_json::Value {
    json!({
        "bed": bed,
        "count": bed.particle_count(),
        "rest_velocity_m_s": bed.packing.rest_velocity_m_s.unwrap_or_else(|| default_rest_velocity_m_s(bed)),
    })
}

/// The speed after a fall of half a per cent of d. Nothing in free flight stays below it for the five frames in a row
/// that make a particle count as settled: in that time it falls a tenth of d.
fn default_rest_velocity_m_s(bed: &Bed) -> f64 {
    0.1 * (bed.packing.gravity_m_s2 * bed.particles.diameter_m).sqrt()
}

async fn run(context: &Context) -> Result<Outcome, EngineError> {
    let limits = Limits {
        silence: Duration::from_mins(15),
        ..Limits::default()
    };
    let command = Command::new("blender", PROGRAM, &context.dir)
        .args([
            "--background",
            "--factory-startup",
            "--python-exit-code",
            "1",
            "--threads",
        ])
        .arg(context.cores.max(1).to_string())
        .args(["--python", SCRIPT])
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .limits(limits);
    let mut follower = progress::Follower::default();
    let listener = |line: &str| {
        if let Some(progress) = follower.hear(line, Instant::now()) {
            (context.progress)(progress);
        }
    };
    command.run(&context.cancel, listener).await
}

fn files(bed: &Bed, dir: &Path) -> Result<Vec<File>, EngineError> {
    let mut names: Vec<String> = [TABLE, INPUT, "log.blender"].map(str::to_owned).to_vec();
    let formats = bed
        .export
        .formats
        .iter()
        .filter_map(|format| serde_json::to_value(format).ok());
    names.extend(formats.filter_map(|format| Some(format!("packing.{}", format.as_str()?))));
    if bed.export.fluid_mode == bed::FluidMode::Cavity {
        names.push("fluid.stl".to_owned());
    }
    names.iter().map(|name| File::describe(dir, name)).collect()
}

fn write(path: &Path, text: &str) -> Result<(), EngineError> {
    std::fs::write(path, text).map_err(EngineError::io(format!("cannot write {}", path.display())))
}

fn read_json<T: for<'a> Deserialize<'a>>(path: &Path) -> Result<T, EngineError> {
    let text = std::fs::read_to_string(path)
        .map_err(EngineError::io(format!("cannot read {}", path.display())))?;
    serde_json::from_str(&text).map_err(|error| EngineError::malformed(path, error.to_string()))
}
