//! Packing small beds with the real Blender. Each mistake of the programs before this one has its test here.

mod files;
mod python;
mod refusals;
mod results;

use bed::{Bed, Format};
use engine::Context;
use tempfile::TempDir;

/// 40 spheres of 10 mm in a tube of 40 mm: seconds of work, a bed three diameters high.
fn small_bed() -> Bed {
    let mut bed = Bed::new("small", 0.04, 0.2, 0.01, 40);
    bed.export.formats = Vec::new();
    bed
}

fn bed_with_files(formats: &[Format]) -> Bed {
    let mut bed = small_bed();
    bed.export.formats = formats.to_vec();
    bed
}

/// A run's folder, removed when dropped, and its context.
fn workplace() -> (TempDir, Context) {
    let dir = tempfile::tempdir().unwrap();
    let context = Context::new(dir.path(), 1);
    (dir, context)
}
