//! Cross-sections on which the pressure is averaged, and the gradient that follows from them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use physics::uncertainty::{LineFit, line_fit};
use serde::{Deserialize, Serialize};

use super::mesh::Mesh;

/// Fewest planes inside the core.
const MIN_CORE_PLANES: usize = 9;
/// Most of them.
const MAX_CORE_PLANES: usize = 61;
/// Planes in the core for each particle diameter: enough to average over the layers of a bed.
const PLANES_PER_DIAMETER: f64 = 8.0;

/// Heights to sample: the bed's ends, and evenly spaced planes over the core, each moved by half a cell at most.
#[derive(Debug, Clone, PartialEq)]
pub struct Planes {
    heights_m: Vec<f64>,
}

/// The mean pressure of one cross-section.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Plane {
    /// Height over the tube's floor.
    pub z_m: f64,
    /// Mean over the fluid, relative to the outlet.
    pub pressure_pa: f64,
}

impl Planes {
    /// The planes of a mesh: first and last are the bed's ends, those between cover the measuring window.
    pub fn of(mesh: &Mesh) -> Self {
        let (low, high) = (mesh.packing.window_low_m, mesh.packing.window_high_m);
        let wanted = (high - low) / mesh.particle_diameter_m * PLANES_PER_DIAMETER;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between the two bounds"
        )]
        let count = (wanted.clamp(MIN_CORE_PLANES as f64, MAX_CORE_PLANES as f64)) as usize;
        let core = (0..count).map(|i| low + (high - low) * i as f64 / (count - 1) as f64);
        let ends = (0.0, mesh.packing.bed_height_m);
        let heights = std::iter::once(ends.0).chain(core).chain([ends.1]);
        // the middle of the nearest layer of cells: a mean of cells is then the mean at that height
        let (origin, cell) = (mesh.background.axial[0], mesh.cell_m());
        let mut heights_m: Vec<f64> = heights
            .map(|z| origin + (((z - origin) / cell + 1e-6).floor() + 0.5) * cell)
            .collect();
        heights_m.dedup();
        Self { heights_m }
    }

    /// `system/planes`. Each plane lies a hundredth of a cell higher than it says, off the faces of cells. The mean is one of
    /// cells, not of interpolated corners, which v1912 leaves undefined on some planes.
    pub fn dictionary(&self, mesh: &Mesh) -> String {
        let axis = mesh.section.axis_m();
        let offset_m = 0.01 * mesh.cell_m();
        let mut text = String::new();
        for (index, height_m) in self.heights_m.iter().enumerate() {
            let z_m = height_m + offset_m;
            let _infallible = writeln!(
                text,
                "plane{index}\n{{\n    #include \"planeMonitor\"\n    name plane{index};\n    sampledSurfaceDict\n    {{\n        \
                 type cuttingPlane;\n        planeType pointAndNormal;\n        interpolate false;\n        \
                 pointAndNormalDict {{ point ( {axis} {axis} {z_m} ); normal ( 0 0 1 ); }}\n    }}\n}}"
            );
        }
        text
    }

    /// The planes' pressures from their kinematic means by number; `None` when one is missing.
    pub fn with_pressures(
        &self,
        means: &BTreeMap<usize, f64>,
        to_pa: impl Fn(f64) -> f64,
    ) -> Option<Vec<Plane>> {
        let planes = self.heights_m.iter().enumerate();
        planes
            .map(|(index, &z_m)| {
                Some(Plane {
                    z_m,
                    pressure_pa: to_pa(*means.get(&index)?),
                })
            })
            .collect()
    }
}

/// Hears `postProcess` name the planes and their means.
#[derive(Debug, Default)]
pub struct PlaneReader {
    plane: Option<usize>,
    /// Mean kinematic pressure of each plane.
    pub means: BTreeMap<usize, f64>,
}

impl PlaneReader {
    /// Takes one line.
    pub fn hear(&mut self, line: &str) {
        if let Some(name) = line.strip_prefix("surfaceFieldValue plane") {
            self.plane = name.split_whitespace().next().and_then(|n| n.parse().ok());
        } else if let Some(plane) = self.plane
            && let Some(value) = line
                .rsplit_once(" of p = ")
                .and_then(|(_, v)| v.trim().parse().ok())
        {
            self.means.insert(plane, value);
            self.plane = None;
        }
    }
}

/// How the pressure falls along the bed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Falls {
    /// Between the bed's ends.
    pub total_pa: f64,
    /// From the lower end to the core.
    pub entrance_pa: f64,
    /// From the core to the upper end.
    pub exit_pa: f64,
    /// The straight line through the core's planes; its slope is negative.
    pub core: LineFit,
}

/// The falls along planes as [`Planes`] orders them; `None` with fewer than five in the core.
pub fn falls(planes: &[Plane]) -> Option<Falls> {
    let [bottom, core @ .., top] = planes else {
        return None;
    };
    let (first, last) = (core.first()?, core.last()?);
    if core.len() < 5 {
        return None;
    }
    let points: Vec<(f64, f64)> = core.iter().map(|p| (p.z_m, p.pressure_pa)).collect();
    Some(Falls {
        total_pa: bottom.pressure_pa - top.pressure_pa,
        entrance_pa: bottom.pressure_pa - first.pressure_pa,
        exit_pa: last.pressure_pa - top.pressure_pa,
        core: line_fit(&points).ok()?,
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    #[test]
    fn entrance_core_and_exit_add_up_to_the_total() {
        let pressures = [100.0, 80.0, 70.0, 60.0, 50.0, 40.0, 35.0];
        let planes: Vec<Plane> = pressures
            .iter()
            .zip(0_u8..)
            .map(|(&pressure_pa, z)| Plane {
                z_m: f64::from(z),
                pressure_pa,
            })
            .collect();
        let falls = falls(&planes).unwrap();
        assert!((falls.core.slope + 10.0).abs() < 1e-12 && falls.core.r_squared > 0.999);
        assert!((falls.entrance_pa + 40.0 + falls.exit_pa - falls.total_pa).abs() < 1e-12);
    }

    #[test]
    fn four_planes_in_the_core_are_too_few() {
        let planes = [Plane {
            z_m: 0.0,
            pressure_pa: 1.0,
        }; 6];
        assert!(falls(&planes).is_none());
    }

    #[test]
    fn the_reader_keeps_planes_apart() {
        let mut reader = PlaneReader::default();
        let log = "surfaceFieldValue plane0 write:\n    areaAverage(plane0) of p = 1.5\n\nsurfaceFieldValue plane12 write:\n    areaAverage(plane12) of p = -2e-3\n";
        log.lines().for_each(|line| reader.hear(line));
        assert_eq!(reader.means, BTreeMap::from([(0, 1.5), (12, -2e-3)]));
    }
}
