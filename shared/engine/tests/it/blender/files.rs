use std::path::Path;

use bed::{FluidMode, Format, WallMode};
use engine::blender;

use super::{bed_with_files, workplace};

#[tokio::test]
async fn every_format_is_written_listed_and_hashed() {
    let (dir, context) = workplace();
    let formats = [Format::Blend, Format::Glb, Format::Stl, Format::Obj];
    let packing = blender::pack(&bed_with_files(&formats), &context)
        .await
        .unwrap();
    let starts = [
        (
            "packing.blend",
            &b"BLENDER"[..],
            &[0x28, 0xb5, 0x2f, 0xfd][..],
        ),
        ("packing.glb", b"glTF", b"glTF"),
        ("packing.obj", b"# Blender", b"# Blender"),
        ("particles.csv", b"id,x_m,", b"id,x_m,"),
        ("packing.json", b"{", b"{"),
    ];
    for (name, start, other_start) in starts {
        let content = std::fs::read(dir.path().join(name)).unwrap();
        assert!(
            content.starts_with(start) || content.starts_with(other_start),
            "{name}"
        );
        let file = packing.files.iter().find(|file| file.name == name).unwrap();
        assert_eq!(
            (file.bytes, file.sha256.len()),
            (content.len() as u64, 64),
            "{name}"
        );
        assert_eq!(file.path, dir.path().join(name));
    }
    assert!(packing.times_s.export > 0.0);
}

/// A coarse tessellation loses up to 30 % of a sphere; ours keeps 99 %, and the wall its thickness.
#[tokio::test]
async fn exported_bodies_keep_their_volume() {
    let (dir, context) = workplace();
    let mut bed = bed_with_files(&[Format::Stl]);
    bed.export.wall_mode = WallMode::Solid;
    bed.export.fluid_mode = FluidMode::Cavity;
    let packing = blender::pack(&bed, &context).await.unwrap();
    let sphere = std::f64::consts::PI * 0.01_f64.powi(3) / 6.0;
    let wall = std::f64::consts::PI * (0.022_f64.powi(2) - 0.02_f64.powi(2)) * 0.2;
    let tube = std::f64::consts::PI * 0.02_f64.powi(2) * 0.2;
    let solids = stl_volume_m3(&dir.path().join("packing.stl"));
    let share = (solids - wall) / (40.0 * sphere);
    assert!((0.985..1.005).contains(&share), "{share}");
    let fluid = stl_volume_m3(&dir.path().join("fluid.stl"));
    let share = fluid / (tube - 40.0 * sphere);
    assert!((0.995..1.005).contains(&share), "{share}");
    assert!(packing.files.iter().any(|file| file.name == "fluid.stl"));
}

fn stl_volume_m3(path: &Path) -> f64 {
    let bytes = std::fs::read(path).unwrap();
    let number = |offset: usize| {
        f64::from(f32::from_le_bytes(
            bytes[offset..offset + 4].try_into().unwrap(),
        ))
    };
    let corner = |offset: usize| [number(offset), number(offset + 4), number(offset + 8)];
    let triangles = (bytes.len() - 84) / 50;
    (0..triangles)
        .map(|index| 84 + 50 * index + 12)
        .map(|offset| {
            let ([ax, ay, az], [bx, by, bz], [cx, cy, cz]) =
                (corner(offset), corner(offset + 12), corner(offset + 24));
            (ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx)) / 6.0
        })
        .sum()
}
