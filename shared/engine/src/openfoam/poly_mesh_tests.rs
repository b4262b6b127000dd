#![expect(clippy::unwrap_used, reason = "a test may panic")]

use super::*;

/// A unit cube standing on z = 0 as a binary mesh of one cell.
fn cube() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let poly = dir.path().join("constant/polyMesh");
    fs::create_dir_all(&poly).unwrap();
    let header = "FoamFile { format binary; arch \"LSB;label=32;scalar=64\"; }\n\n";
    let mut points = format!("{header}8\n(").into_bytes();
    for corner in 0..8_u32 {
        for bit in 0..3 {
            points.extend(f64::from(corner >> bit & 1).to_le_bytes());
        }
    }
    points.extend(b")\n");
    let quads = [
        [0, 2, 3, 1],
        [4, 5, 7, 6],
        [0, 4, 6, 2],
        [1, 3, 7, 5],
        [0, 1, 5, 4],
        [2, 6, 7, 3],
    ];
    let mut faces = format!("{header}7\n(").into_bytes();
    for start in (0..=24_i32).step_by(4) {
        faces.extend(start.to_le_bytes());
    }
    faces.extend(b")\n\n24\n(");
    faces.extend(
        quads
            .concat()
            .iter()
            .flat_map(|corner: &i32| corner.to_le_bytes()),
    );
    faces.extend(b")\n");
    let boundary = "FoamFile { }\n\n2\n(\n inlet { type patch; nFaces 1; startFace 0; }\n rest { type wall; nFaces 5; startFace 1; }\n)\n";
    fs::write(poly.join("points"), points).unwrap();
    fs::write(poly.join("faces"), faces).unwrap();
    fs::write(poly.join("boundary"), boundary).unwrap();
    dir
}

#[test]
fn a_cube_has_the_volume_of_the_part_between_the_heights() {
    let dir = cube();
    let mesh = PolyMesh::read(dir.path()).unwrap();
    for (low, high, volume) in [
        (-1.0, 2.0, 1.0),
        (0.25, 0.5, 0.25),
        (0.5, 3.0, 0.5),
        (1.5, 2.0, 0.0),
    ] {
        assert!((mesh.fluid_volume_m3(low, high) - volume).abs() < 1e-12);
    }
}

#[test]
fn a_mesh_that_was_cut_off_is_refused() {
    let dir = cube();
    let path = dir.path().join("constant/polyMesh/points");
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() - 40]).unwrap();
    let error = PolyMesh::read(dir.path()).unwrap_err();
    assert_eq!(error.code(), "io");
}
