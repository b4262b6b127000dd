//! Writes a case: the files an engineer would keep as they are, and the few that hold this bed's numbers and geometry.
//! Only numbers and words from a fixed set reach a dictionary, because free text there could run code.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

use bed::MeshSettings;

use super::bridges::Bridges;
use super::domain::{Background, Section, Setup};
use super::geometry::geometry;
use crate::EngineError;

/// The files that are the same for every bed, by their path in the case.
macro_rules! embedded {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../openfoam/case/", $path)))),*]
    };
}

const FILES: &[(&str, &str)] = embedded![
    "Allrun",
    "0.orig/U",
    "0.orig/p",
    "constant/transportProperties",
    "constant/turbulenceProperties",
    "system/blockMeshDict",
    "system/controlDict",
    "system/decomposeParDict",
    "system/fvSchemes",
    "system/fvSolution",
    "system/patchMonitor",
    "system/planeMonitor",
    "system/samplingDict",
    "system/snappyHexMeshDict",
];

/// Fields of the turbulence model, written only when it is used.
const TURBULENCE_FILES: &[(&str, &str)] = embedded!["0.orig/k", "0.orig/nut", "0.orig/omega"];

/// A value that may stand in a dictionary.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// A number.
    Number(f64),
    /// A word of OpenFOAM's; only this crate makes them.
    Word(&'static str),
}

/// `system/parameters`: the `$name`s of the other files.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parameters(BTreeMap<&'static str, Value>);

impl Parameters {
    /// Sets a number.
    pub fn number(&mut self, name: &'static str, value: f64) -> &mut Self {
        self.0.insert(name, Value::Number(value));
        self
    }

    /// Sets a word.
    pub fn word(&mut self, name: &'static str, value: &'static str) -> &mut Self {
        self.0.insert(name, Value::Word(value));
        self
    }

    /// The number of a name.
    #[cfg(test)]
    pub fn get_number(&self, name: &str) -> Option<f64> {
        match self.0.get(name)? {
            Value::Number(number) => Some(*number),
            Value::Word(_) => None,
        }
    }

    /// The word of a name.
    #[cfg(test)]
    pub fn get_word(&self, name: &str) -> Option<&'static str> {
        match self.0.get(name)? {
            Value::Word(word) => Some(word),
            Value::Number(_) => None,
        }
    }

    fn text(&self) -> String {
        let mut text = String::from("// The numbers of this case, SI units.\n");
        for (name, value) in &self.0 {
            let _infallible = match value {
                Value::Number(number) => writeln!(text, "{name} {number};"),
                Value::Word(word) => writeln!(text, "{name} {word};"),
            };
        }
        text
    }
}

/// A case folder.
#[derive(Debug, Clone)]
pub struct Case {
    /// The folder.
    pub dir: PathBuf,
}

impl Case {
    /// The case of a run's folder; it need not exist yet.
    pub fn of(run: &Path) -> Self {
        Self {
            dir: run.join("case"),
        }
    }

    /// Writes everything meshing needs, in an empty folder.
    pub fn create(&self, setup: &Setup) -> Result<(), EngineError> {
        let parameters = mesh_parameters(setup.section, &setup.background(), &setup.settings);
        let bridges = Bridges::of(setup);
        self.fresh().map_err(EngineError::io("the case folder"))?;
        self.write_all(FILES)?;
        self.write("system/parameters", &parameters.text())?;
        self.write("system/planes", "")?;
        self.write("system/geometry", &geometry(setup, !bridges.is_empty()))?;
        if !bridges.is_empty() {
            self.write("constant/triSurface/bridges.obj", &bridges.to_obj())?;
        }
        self.write("case.foam", "")
    }

    /// Removes the field of mesh motion that the mesher may leave in time 0: it need not fit the finished mesh.
    pub fn forget_mesh_motion(&self) -> Result<(), EngineError> {
        let start = self.dir.join("0");
        let removed = if start.exists() {
            fs::remove_dir_all(start)
        } else {
            Ok(())
        };
        removed.map_err(EngineError::io("time 0 of the mesher"))
    }

    /// Writes what a flow adds: its numbers, start fields and sampling planes. Earlier results go.
    pub fn prepare_flow(
        &self,
        parameters: &Parameters,
        turbulent: bool,
        planes: &str,
    ) -> Result<(), EngineError> {
        self.clear_results()
            .map_err(EngineError::io("earlier results"))?;
        self.write_all(FILES)?;
        if turbulent {
            self.write_all(TURBULENCE_FILES)?;
        }
        self.write("system/parameters", &parameters.text())?;
        self.write("system/planes", planes)?;
        let fields = FILES
            .iter()
            .chain(if turbulent { TURBULENCE_FILES } else { &[] });
        for (path, text) in fields {
            if let Some(field) = path.strip_prefix("0.orig/") {
                self.write(&format!("0/{field}"), text)?;
            }
        }
        Ok(())
    }

    /// Names of the time folders other than 0, in order of time.
    pub fn times(&self) -> io::Result<Vec<String>> {
        let mut times = Vec::new();
        for entry in fs::read_dir(&self.dir)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name != "0" && name.parse::<f64>().is_ok() {
                times.push(name);
            }
        }
        times.sort_by(|a, b| {
            a.parse()
                .unwrap_or(0.0_f64)
                .total_cmp(&b.parse().unwrap_or(0.0))
        });
        Ok(times)
    }

    fn fresh(&self) -> io::Result<()> {
        if self.dir.exists() {
            fs::remove_dir_all(&self.dir)?;
        }
        fs::create_dir_all(&self.dir)
    }

    fn clear_results(&self) -> io::Result<()> {
        for time in
            self.times()?
                .iter()
                .map(String::as_str)
                .chain(["0", "0.orig", "postProcessing", "VTK"])
        {
            let path = self.dir.join(time);
            if path.exists() {
                fs::remove_dir_all(path)?;
            }
        }
        let stop = self.dir.join("stop");
        if stop.exists() {
            fs::remove_file(stop)
        } else {
            Ok(())
        }
    }

    fn write_all(&self, files: &[(&str, &str)]) -> Result<(), EngineError> {
        files
            .iter()
            .try_for_each(|(path, text)| self.write(path, text))
    }

    fn write(&self, path: &str, text: &str) -> Result<(), EngineError> {
        let file = self.dir.join(path);
        let written = file
            .parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::write(&file, text));
        written.map_err(EngineError::io(file.to_string_lossy()))
    }
}

/// The `$name`s that meshing needs, and harmless values for those of the flow.
pub fn mesh_parameters(
    section: Section,
    background: &Background,
    settings: &MeshSettings,
) -> Parameters {
    let [x_low, x_high] = background.side;
    let (low, high) = (background.axial[0], background.axial[1]);
    let side = match section {
        Section::Tube { .. } => "patch",
        Section::Symmetric { .. } => "symmetry",
    };
    let mut parameters = Parameters::default();
    parameters
        .number("xMin", x_low)
        .number("yMin", x_low)
        .number("zMin", low)
        .number("xMax", x_high)
        .number("yMax", x_high)
        .number("zMax", high)
        .number("xCells", background.side_cells)
        .number("yCells", background.side_cells)
        .number("zCells", background.axial_cells)
        .number("bedZoneLow", background.bed_zone[0])
        .number("bedZoneHigh", background.bed_zone[1])
        .number("bedLevel", f64::from(background.bed_level))
        .number("insideX", background.inside[0])
        .number("insideY", background.inside[1])
        .number("insideZ", background.inside[2])
        .number(
            "particleLevel",
            f64::from(background.bed_level + settings.surface_level),
        )
        .number("tubeRadius", section.tube_diameter_m().unwrap_or(0.0) / 2.0)
        .number("tubeLow", 2.0 * low - high)
        .number("tubeHigh", 2.0 * high - low)
        .number("axisX", section.axis_m())
        .number(
            "midPlaneY",
            section.axis_m() + background.mid_plane_offset_m(settings),
        )
        .number("maxIterations", 1.0)
        .number("subdomains", 1.0)
        .word("sideType", side);
    parameters
}
