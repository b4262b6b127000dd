use std::path::Path;
use std::process::Command;

use super::workplace;
use tokio_util::sync::CancellationToken;

fn python_sources() -> [std::path::PathBuf; 2] {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    [root.join("blender"), root.join("tests/it/blender")]
}

#[test]
fn the_plain_maths_of_the_packing_passes_its_own_tests() {
    let [sources, tests] = python_sources();
    let output = Command::new("python3")
        .args(["-m", "unittest", "test_bed_geometry"])
        .current_dir(tests)
        .env("PYTHONPATH", sources)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[tokio::test]
async fn every_physical_parameter_of_the_file_reaches_the_rigid_bodies() {
    let (dir, _context) = workplace();
    for folder in python_sources() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry
                .path()
                .extension()
                .is_some_and(|extension| extension == "py")
            {
                std::fs::copy(entry.path(), dir.path().join(entry.file_name())).unwrap();
            }
        }
    }
    let blender = engine::process::Command::new("check", "blender", dir.path()).args([
        "--background",
        "--factory-startup",
        "--python-exit-code",
        "1",
        "--python",
        "check_scene.py",
    ]);
    let mut is_as_asked = false;
    let listener = |line: &str| is_as_asked |= line == "the scene is as asked for";
    let run = blender.run(&CancellationToken::new(), listener).await;
    run.unwrap_or_else(|error| panic!("{error}\n{}", error.last_words().unwrap_or_default()));
    assert!(is_as_asked);
}
