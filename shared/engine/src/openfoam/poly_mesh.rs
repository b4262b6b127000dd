//! Reads the boundary of a mesh as OpenFOAM wrote it (binary) and measures the fluid volume between two heights.
//! Knows nothing of how the mesh was made, so that what it measures is evidence.

use std::fs;
use std::path::Path;

use super::vector::{add, scaled, sub};
use crate::EngineError;

/// One patch of the boundary.
#[derive(Debug, Clone, PartialEq)]
pub struct Patch {
    /// Its name.
    pub name: String,
    /// Number of faces.
    pub faces: usize,
    /// Index of the first.
    first: usize,
}

/// Points, faces and patches of a mesh.
#[derive(Debug)]
pub struct PolyMesh {
    points: Vec<[f64; 3]>,
    /// Where each face's corners start in `corners`; one entry more than there are faces.
    starts: Vec<usize>,
    corners: Vec<usize>,
    /// The boundary.
    pub patches: Vec<Patch>,
}

impl PolyMesh {
    /// Reads `constant/polyMesh` of a case.
    pub fn read(case: &Path) -> Result<Self, EngineError> {
        let dir = case.join("constant/polyMesh");
        let points = List::open(&dir.join("points"))?;
        let faces = List::open(&dir.join("faces"))?;
        let (flat, _) = points.numbers(0, 3, 8, |b| f64::from_le_bytes(fixed(b)))?;
        let label = |b: &[u8]| i32::from_le_bytes(fixed(b)).cast_unsigned() as usize;
        let (starts, end) = faces.numbers(0, 1, 4, label)?;
        let (corners, _) = faces.numbers(end, 1, 4, label)?;
        let boundary_path = dir.join("boundary");
        let boundary = fs::read_to_string(&boundary_path)
            .map_err(EngineError::io(boundary_path.to_string_lossy()))?;
        let mesh = Self {
            points: flat.chunks_exact(3).map(|p| [p[0], p[1], p[2]]).collect(),
            starts,
            corners,
            patches: patches(&boundary),
        };
        if mesh.is_consistent() {
            Ok(mesh)
        } else {
            Err(EngineError::malformed(
                &dir,
                "its lists do not fit together",
            ))
        }
    }

    /// Fluid volume between two heights, m³. By the divergence theorem for the field (0, 0, f), where f is the height
    /// above `low_m`, kept within the window: its divergence is 1 inside and 0 outside, so that only boundary faces
    /// count and cells that the window cuts need no special care.
    pub fn fluid_volume_m3(&self, low_m: f64, high_m: f64) -> f64 {
        let f = |z: f64| z.clamp(low_m, high_m) - low_m;
        self.triangles()
            .map(|[a, b, c]| {
                let (u, v) = (sub(b, a), sub(c, a));
                let area_z = 0.5 * (u[0] * v[1] - u[1] * v[0]);
                // exact where f is linear over the triangle, that is on all but those the window's ends cut
                let edges = f(f64::midpoint(a[2], b[2]))
                    + f(f64::midpoint(b[2], c[2]))
                    + f(f64::midpoint(c[2], a[2]));
                area_z * edges / 3.0
            })
            .sum()
    }

    /// Every boundary face as triangles around its middle, the way OpenFOAM divides faces.
    fn triangles(&self) -> impl Iterator<Item = [[f64; 3]; 3]> {
        let faces = self.patches.iter().flat_map(|p| p.first..p.first + p.faces);
        faces.flat_map(|face| {
            let corners: Vec<[f64; 3]> = self.corners[self.starts[face]..self.starts[face + 1]]
                .iter()
                .map(|&corner| self.points[corner])
                .collect();
            let sum = corners
                .iter()
                .fold([0.0; 3], |sum, &corner| add(sum, corner));
            let middle = scaled(sum, 1.0 / corners.len() as f64);
            let count = corners.len();
            (0..count).map(move |i| [middle, corners[i], corners[(i + 1) % count]])
        })
    }

    fn is_consistent(&self) -> bool {
        let faces = self.starts.len().saturating_sub(1);
        self.starts.is_sorted()
            && self.starts.last() == Some(&self.corners.len())
            && self
                .corners
                .iter()
                .all(|&corner| corner < self.points.len())
            && !self.patches.is_empty()
            && self.patches.iter().all(|p| p.first + p.faces <= faces)
    }
}

/// The patches of a `boundary` file, which is text even in binary cases.
fn patches(boundary: &str) -> Vec<Patch> {
    let number = |block: &str, key: &str| -> Option<usize> {
        let rest = block.split(key).nth(1)?;
        rest.split(';').next()?.trim().parse().ok()
    };
    let Some((_, list)) = boundary.split_once("\n(") else {
        return Vec::new();
    };
    let blocks = list.split('}').filter_map(|block| block.split_once('{'));
    blocks
        .filter_map(|(name, body)| {
            Some(Patch {
                name: name.trim().to_owned(),
                faces: number(body, "nFaces")?,
                first: number(body, "startFace")?,
            })
        })
        .collect()
}

/// A binary OpenFOAM file.
struct List {
    bytes: Vec<u8>,
    name: std::path::PathBuf,
}

impl List {
    fn open(path: &Path) -> Result<Self, EngineError> {
        let bytes = fs::read(path).map_err(EngineError::io(path.to_string_lossy()))?;
        let header = String::from_utf8_lossy(&bytes[..bytes.len().min(1000)]).into_owned();
        if header.contains("binary") && header.contains("LSB;label=32;scalar=64") {
            Ok(Self {
                bytes,
                name: path.to_owned(),
            })
        } else {
            Err(EngineError::malformed(
                path,
                "not binary with 32-bit labels and 64-bit scalars",
            ))
        }
    }

    /// The next `count ( … )` behind a position: `width` numbers of `size` bytes for each of `count` items, and where
    /// the list ends.
    fn numbers<T>(
        &self,
        from: usize,
        width: usize,
        size: usize,
        read: impl Fn(&[u8]) -> T,
    ) -> Result<(Vec<T>, usize), EngineError> {
        let wrong = |why: &str| EngineError::malformed(&self.name, why);
        let (count, start) = self
            .count(from)
            .ok_or_else(|| wrong("has no list where one belongs"))?;
        let end = start + count * width * size;
        let bytes = self
            .bytes
            .get(start..end)
            .ok_or_else(|| wrong("is cut off"))?;
        Ok((bytes.chunks_exact(size).map(read).collect(), end))
    }

    /// The length of the next list and where its first item starts: a line of digits, then an opening bracket.
    fn count(&self, from: usize) -> Option<(usize, usize)> {
        let mut line = from;
        loop {
            let rest = self.bytes.get(line..)?;
            let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
            let blanks = rest[digits..]
                .iter()
                .take_while(|b| b.is_ascii_whitespace())
                .count();
            if digits > 0 && rest.get(digits + blanks) == Some(&b'(') {
                let count = std::str::from_utf8(&rest[..digits]).ok()?.parse().ok()?;
                return Some((count, line + digits + blanks + 1));
            }
            line += rest.iter().position(|&b| b == b'\n')? + 1;
        }
    }
}

/// A slice of known length as an array; what `chunks_exact` gives always fits.
fn fixed<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut array = [0; N];
    array.copy_from_slice(bytes);
    array
}

#[cfg(test)]
#[path = "poly_mesh_tests.rs"]
mod tests;
