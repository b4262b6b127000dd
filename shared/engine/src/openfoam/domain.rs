//! Where the fluid is: the flow domain around a bed, and the background mesh that covers it.
//! Plain numbers; the case is written from them.

use bed::{Bed, MeshSettings};
use physics::Sphere;
use serde::{Deserialize, Serialize};

use super::PackingNumbers;

/// The cross-section of the domain; the flow goes along +z.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// Round, with a wall; the axis is x = y = 0.
    Tube {
        /// Inner diameter.
        diameter_m: f64,
    },
    /// Square from x = y = 0 to `width_m`, all four sides planes of symmetry: a piece of an unbounded regular array.
    Symmetric {
        /// Length of a side.
        width_m: f64,
    },
}

impl Section {
    /// Area of the empty cross-section, m².
    pub fn area_m2(self) -> f64 {
        match self {
            Self::Tube { diameter_m } => std::f64::consts::PI * diameter_m * diameter_m / 4.0,
            Self::Symmetric { width_m } => width_m * width_m,
        }
    }

    /// The tube's diameter, when there is a tube.
    pub fn tube_diameter_m(self) -> Option<f64> {
        match self {
            Self::Tube { diameter_m } => Some(diameter_m),
            Self::Symmetric { .. } => None,
        }
    }
}

/// What is meshed.
#[derive(Debug, Clone, PartialEq)]
pub struct Setup {
    /// Cross-section of the domain.
    pub section: Section,
    /// The particles.
    pub spheres: Vec<Sphere>,
    /// Length by which cells and plenums are measured.
    pub particle_diameter_m: f64,
    /// Bed and measuring window, and the porosity the mesh is compared with.
    pub packing: PackingNumbers,
    /// How finely.
    pub settings: MeshSettings,
}

impl Setup {
    /// A bed of particles in its tube.
    pub fn of_bed(bed: &Bed, spheres: &[Sphere], packing: &PackingNumbers) -> Self {
        Self {
            section: Section::Tube {
                diameter_m: bed.geometry.diameter_m,
            },
            spheres: spheres.to_vec(),
            particle_diameter_m: bed.particles.diameter_m,
            packing: *packing,
            settings: MeshSettings::resolve(&bed.flow),
        }
    }

    /// The background mesh for it.
    pub fn background(&self) -> Background {
        let d = self.particle_diameter_m;
        // plenums of a tube are meshed with cells twice as long as the bed; a symmetric cell may be few cells wide
        let in_tube = self.section.tube_diameter_m().is_some();
        let bed_level = u32::from(in_tube && !self.spheres.is_empty());
        let cell_m = d / self.settings.cells_per_diameter * f64::from(1 << bed_level);
        let top_m = self
            .spheres
            .iter()
            .map(|sphere| sphere.centre_m[2] + sphere.radius_m)
            .fold(self.packing.bed_height_m, f64::max);
        let low = -self.settings.inlet_length * d;
        let length = top_m + (self.settings.inlet_length + self.settings.outlet_length) * d;
        let (side_low, side_high) = match self.section {
            Section::Tube { diameter_m } => {
                let half = ((diameter_m / 2.0 / cell_m).ceil() + 1.0) * cell_m;
                (-half, half)
            }
            Section::Symmetric { width_m } => (0.0, width_m),
        };
        let axial_cells = (length / cell_m).ceil().max(1.0);
        Background {
            side: [side_low, side_high],
            axial: [low, low + axial_cells * cell_m],
            side_cells: ((side_high - side_low) / cell_m).round().max(1.0),
            axial_cells,
            bed_level,
            bed_zone: [-0.25 * d, top_m + 0.25 * d],
            inside: [
                self.section.axis_m() + 0.317 * cell_m,
                self.section.axis_m() + 0.279 * cell_m,
                low + (0.4 * self.settings.inlet_length * d / cell_m).floor() * cell_m
                    + 0.371 * cell_m,
            ],
        }
    }
}

impl Section {
    /// x and y of the middle, m.
    pub fn axis_m(self) -> f64 {
        match self {
            Self::Tube { .. } => 0.0,
            Self::Symmetric { width_m } => width_m / 2.0,
        }
    }
}

/// A box of nearly cubic cells around the domain, m.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Background {
    /// Lowest and highest x, and y.
    pub side: [f64; 2],
    /// Lowest and highest z: inlet and outlet.
    pub axial: [f64; 2],
    /// Cells along x, and y; a whole number.
    pub side_cells: f64,
    /// Cells along z; a whole number.
    pub axial_cells: f64,
    /// How often cells in the bed are halved: plenums have no need of the bed's cells.
    pub bed_level: u32,
    /// The part of z where that is done.
    pub bed_zone: [f64; 2],
    /// A point of the fluid before the bed, on no face of a cell.
    pub inside: [f64; 3],
}

impl Background {
    /// How far from the axis the plane of the pictures lies. The axis is a face of cells, and a plane in a face cuts now
    /// the cell before it, now the one behind it, which looks like a chequerboard. A third and a bit of the finest cell
    /// is off the faces of every level, whether the axis is a face or the middle of a cell.
    pub fn mid_plane_offset_m(&self, settings: &MeshSettings) -> f64 {
        let coarsest_m = (self.side[1] - self.side[0]) / self.side_cells;
        let halved = self.bed_level + settings.surface_level;
        0.37 * coarsest_m / f64::from(1 << halved)
    }
}

#[cfg(test)]
mod tests {
    use bed::Flow;

    use super::*;
    use crate::openfoam::exact::simple_cubic;

    #[test]
    fn the_plane_of_the_pictures_lies_in_no_face_of_a_cell() {
        let settings = |cells_per_diameter: f64, level: u32| {
            MeshSettings::resolve(&Flow {
                cells_per_diameter: Some(cells_per_diameter),
                surface_level: Some(level),
                ..Flow::default()
            })
        };
        // the axis of the array is in the middle of a cell with 10 cells a diameter, and a face with 20
        for (cells, level) in [(8.0, 1), (10.0, 0), (10.0, 2), (20.0, 0), (20.0, 1)] {
            let setup = simple_cubic(settings(cells, level));
            let background = setup.background();
            let offset_m = background.mid_plane_offset_m(&setup.settings);
            let from_side_m = setup.section.axis_m() + offset_m - background.side[0];
            let finest_m = setup.particle_diameter_m / cells / f64::from(1 << level);
            let share = (from_side_m / finest_m).fract();
            assert!((0.1..0.9).contains(&share), "{cells}+{level}: {share}");
            assert!(offset_m < finest_m);
        }
    }
}
