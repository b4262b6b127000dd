//! What a packing is: the numbers of `packing.json`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use physics::Sphere;
use physics::porosity::ProfilePoint;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::EngineError;

/// A bed at rest in its tube, measured. Lengths in metres from the floor, ratios over the particle diameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Packing {
    /// Particles inside the tube, in the order of their ids. Not in `packing.json`: see `particles.csv`.
    #[serde(skip)]
    pub particles: Vec<Sphere>,
    /// Particles dropped.
    pub count: usize,
    /// Particles inside the tube at the end.
    pub inside: usize,
    /// Ids of the others.
    pub escaped: Vec<u32>,
    /// Whether every particle was at rest.
    pub settled: bool,
    /// Ids of those that were not.
    pub moving: Vec<u32>,
    /// Deepest overlap of two particles inside.
    pub max_overlap_ratio: f64,
    /// Deepest penetration of the wall.
    pub wall_penetration_ratio: f64,
    /// Deepest penetration of the floor.
    pub floor_penetration_ratio: f64,
    /// Height of the packed bed.
    pub bed_height_m: f64,
    /// Lower end of the window in which porosity is measured.
    pub window_low_m: f64,
    /// Upper end of it.
    pub window_high_m: f64,
    /// Void fraction of the window, wall region included.
    pub bulk_porosity: f64,
    /// Void fraction of the window far from the wall; `None` in a tube too narrow to have such a place.
    pub core_porosity: Option<f64>,
    /// Void fraction over the height of the bed.
    pub axial_profile: Vec<ProfilePoint>,
    /// Void fraction over the radius, inside the window.
    pub radial_profile: Vec<ProfilePoint>,
    /// Mean number of neighbours that a particle touches.
    pub mean_coordination: f64,
    /// How many particles touch 0, 1, 2 … neighbours.
    pub coordination: Vec<usize>,
    /// What correlations say of a bed of this N.
    pub expected: ExpectedPorosity,
    /// Real time that the physics covered, s.
    pub simulated_s: f64,
    /// Programs that made it.
    pub versions: Versions,
    /// What it took.
    pub times_s: Seconds,
    /// Peak memory of Blender, MB.
    pub peak_memory_mb: f64,
    /// The files in the run's folder.
    pub files: Vec<File>,
}

/// Mean porosity by correlation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ExpectedPorosity {
    /// Dixon (1988).
    pub dixon: f64,
    /// Zou and Yu (1995), dense packing.
    pub zou_yu_dense: f64,
    /// Zou and Yu (1995), loose packing.
    pub zou_yu_loose: f64,
    /// Benyahia and O'Neill (2005).
    pub benyahia_oneill: f64,
}

/// Versions of the programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// Blender's.
    pub blender: String,
    /// Ours.
    pub leito: String,
}

/// Wall time of each part, s.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Seconds {
    /// Starting Blender, building the scene, ending Blender.
    pub setup: f64,
    /// The physics steps.
    pub physics: f64,
    /// Writing table and files.
    pub export: f64,
    /// Measuring and hashing.
    pub analysis: f64,
}

/// A file of the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its name in the run's folder.
    pub name: String,
    /// Where it is on this machine; empty when read back from JSON.
    #[serde(skip)]
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its content, hex.
    pub sha256: String,
}

impl File {
    /// Measures the file `name` in `dir`.
    pub fn describe(dir: &Path, name: &str) -> Result<Self, EngineError> {
        let path = dir.join(name);
        let unreadable = format!("cannot read {}", path.display());
        let (bytes, sha256) = hash(&path).map_err(EngineError::io(unreadable))?;
        Ok(Self {
            name: name.to_owned(),
            path,
            bytes,
            sha256,
        })
    }
}

fn hash(path: &Path) -> io::Result<(u64, String)> {
    let mut hasher = Sha256::new();
    let bytes = io::copy(&mut fs::File::open(path)?, &mut HashWriter(&mut hasher))?;
    Ok((bytes, hex::encode(hasher.finalize())))
}

struct HashWriter<'a>(&'a mut Sha256);

impl io::Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
