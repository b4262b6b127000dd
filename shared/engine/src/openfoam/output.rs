//! The files a flow leaves for people: case archive, fields, pictures, logs.

use std::fs;
use std::path::{Path, PathBuf};

use super::case::Case;
use super::flow::File;
use super::mesh::pack;
use super::run::Programs;
use crate::process::Command;
use crate::{Context, EngineError};

/// Debian's Python, the one that its matplotlib is installed for.
const PYTHON: &str = "/usr/bin/python3";

const PICTURES: &str = include_str!("../../openfoam/pictures.py");

/// Which files to make.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// The case with its fields, and the fields for VTK.
    pub fields: bool,
    /// Pressure and speed on a mid-plane, for which the flow must have been sampled.
    pub pictures: bool,
}

/// Makes the files in a folder of the run named after the velocity. `pa_per_kinematic` turns kinematic pressure into Pa.
pub async fn collect(
    case: &Case,
    wanted: Wanted,
    pa_per_kinematic: f64,
    velocity_m_s: f64,
    context: &Context,
) -> Result<Vec<File>, EngineError> {
    let out = context.dir.join(format!("flow-{velocity_m_s}"));
    fs::create_dir_all(&out).map_err(EngineError::io(out.to_string_lossy()))?;
    if wanted.pictures {
        pictures(case, &out, pa_per_kinematic, context).await?;
    }
    if wanted.fields {
        fields(case, &out, context).await?;
        pack(
            &context.dir,
            &out.join("case.tar.gz"),
            &["case/VTK"],
            context,
        )
        .await?;
    }
    for log in ["simpleFoam", "snappyHexMesh", "checkMesh"] {
        let name = format!("log.{log}");
        let from = case.dir.join(&name);
        if from.exists() {
            fs::copy(&from, out.join(&name)).map_err(EngineError::io(name))?;
        }
    }
    files_in(&out).map_err(EngineError::io(out.to_string_lossy()))
}

async fn pictures(
    case: &Case,
    out: &Path,
    pa_per_kinematic: f64,
    context: &Context,
) -> Result<(), EngineError> {
    let plane = find(&case.dir.join("postProcessing"), "vtk").ok_or_else(|| {
        EngineError::malformed(&case.dir.join("log.postProcess"), "left no mid-plane")
    })?;
    let script = context.dir.join("pictures.py");
    fs::write(&script, PICTURES).map_err(EngineError::io("pictures.py"))?;
    Command::new("pictures", PYTHON, &context.dir)
        .arg(&script)
        .arg(&plane)
        .arg(out)
        .arg(pa_per_kinematic.to_string())
        .env("MPLBACKEND", "Agg")
        .run(&context.cancel, |_| ())
        .await?;
    Ok(())
}

/// The latest fields as one VTK file.
async fn fields(case: &Case, out: &Path, context: &Context) -> Result<(), EngineError> {
    let programs = Programs::of(case, context);
    let args = ["-latestTime", "-no-boundary", "-fields", "(p U)"];
    programs.run("foamToVTK", &args, |_| ()).await?;
    let vtk = case.dir.join("VTK");
    let made = find(&vtk, "vtu")
        .ok_or_else(|| EngineError::malformed(&case.dir.join("log.foamToVTK"), "left no fields"))?;
    fs::rename(made, out.join("fields.vtu")).map_err(EngineError::io("fields.vtu"))
}

/// The first file with an ending, anywhere below a folder.
fn find(dir: &Path, ending: &str) -> Option<PathBuf> {
    let mut entries: Vec<PathBuf> = fs::read_dir(dir)
        .ok()?
        .flatten()
        .map(|e| e.path())
        .collect();
    entries.sort();
    entries.into_iter().find_map(|path| {
        if path.is_dir() {
            find(&path, ending)
        } else {
            path.extension()
                .is_some_and(|e| e == ending)
                .then_some(path)
        }
    })
}

fn files_in(dir: &Path) -> std::io::Result<Vec<File>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        files.push(File {
            name: entry.file_name().to_string_lossy().into_owned(),
            path: entry.path(),
        });
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}
