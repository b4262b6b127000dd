//! The particles as one triangulated surface, contact treatment included.
//! A triangle mesh and not one analytic sphere each, because the mesher searches triangles in a tree but analytic
//! surfaces one after the other, which for some hundred particles is most of its time (docs/flow.md has the figures). The
//! triangles enclose exactly the sphere's volume and stray from it by at most 0.15 % of its diameter.

use std::collections::HashMap;
use std::f64::consts::PI;
use std::fmt::Write as _;

use bed::{ContactTreatment, MeshSettings};
use physics::{Sphere, contacts};

use super::vector::{add, cross, dot, normalised, scaled, sub};

/// Surfaces closer than this share of the particle diameter count as touching for the contact treatment.
pub const CONTACT_GAP_RATIO: f64 = 0.01;

/// Facets around a bridge.
const BRIDGE_FACETS: usize = 24;

/// Points and triangles, indices from 0.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Surface {
    /// Corners, m.
    pub points: Vec<[f64; 3]>,
    /// Triangles, outward-facing.
    pub triangles: Vec<[usize; 3]>,
}

impl Surface {
    /// The spheres, treated where they touch each other or the wall of a tube.
    pub fn of_particles(
        spheres: &[Sphere],
        tube_diameter_m: Option<f64>,
        settings: &MeshSettings,
    ) -> Self {
        let ball = Self::ball(subdivisions(settings));
        let directions = contact_directions(spheres, tube_diameter_m);
        let mut surface = Self::default();
        for (sphere, touching) in spheres.iter().zip(&directions) {
            surface.append(&treated(&ball, sphere, touching, settings));
        }
        if settings.contact_treatment == ContactTreatment::Bridge {
            for (sphere, touching) in spheres.iter().zip(&directions) {
                for direction in touching {
                    surface.append(&bridge(sphere, *direction, settings.contact_size));
                }
            }
        }
        surface
    }

    /// Wavefront text, which the mesher and every viewer read.
    pub fn to_obj(&self) -> String {
        let mut text = String::from("o particles\n");
        for [x, y, z] in &self.points {
            // writing to a string cannot fail
            let _infallible = writeln!(text, "v {x:.9e} {y:.9e} {z:.9e}");
        }
        for [a, b, c] in &self.triangles {
            let _infallible = writeln!(text, "f {} {} {}", a + 1, b + 1, c + 1);
        }
        text
    }

    /// Volume inside a closed surface, m³.
    pub fn volume_m3(&self) -> f64 {
        let six = self
            .triangles
            .iter()
            .map(|&[a, b, c]| dot(self.points[a], cross(self.points[b], self.points[c])))
            .sum::<f64>();
        six / 6.0
    }

    fn append(&mut self, other: &Self) {
        let offset = self.points.len();
        self.points.extend_from_slice(&other.points);
        let moved = other
            .triangles
            .iter()
            .map(|t| t.map(|index| index + offset));
        self.triangles.extend(moved);
    }

    /// An icosahedron divided `subdivisions` times, with the volume of the unit sphere.
    fn ball(subdivisions: u32) -> Self {
        let mut ball = icosahedron();
        for _ in 0..subdivisions {
            ball = ball.divided();
        }
        let correction = (4.0 / 3.0 * PI / ball.volume_m3()).cbrt();
        for point in &mut ball.points {
            *point = scaled(*point, correction);
        }
        ball
    }

    /// Every triangle in four, new corners on the unit sphere.
    fn divided(&self) -> Self {
        let mut points = self.points.clone();
        let mut middles = HashMap::new();
        let mut middle = |a: usize, b: usize| {
            *middles.entry((a.min(b), a.max(b))).or_insert_with(|| {
                points.push(normalised(add(points[a], points[b])));
                points.len() - 1
            })
        };
        let mut triangles = Vec::with_capacity(4 * self.triangles.len());
        for &[a, b, c] in &self.triangles {
            let (ab, bc, ca) = (middle(a, b), middle(b, c), middle(c, a));
            triangles.extend([[a, ab, ca], [b, bc, ab], [c, ca, bc], [ab, bc, ca]]);
        }
        Self { points, triangles }
    }
}

fn icosahedron() -> Surface {
    let t = f64::midpoint(1.0, 5.0_f64.sqrt());
    let mut points = Vec::with_capacity(12);
    for (one, golden) in [(-1.0, t), (1.0, t), (-1.0, -t), (1.0, -t)] {
        points.push(normalised([one, golden, 0.0]));
    }
    for (one, golden) in [(-1.0, t), (1.0, t), (-1.0, -t), (1.0, -t)] {
        points.push(normalised([0.0, one, golden]));
    }
    for (golden, one) in [(t, -1.0), (t, 1.0), (-t, -1.0), (-t, 1.0)] {
        points.push(normalised([golden, 0.0, one]));
    }
    #[rustfmt::skip]
    let triangles = vec![
        [0, 11, 5], [0, 5, 1], [0, 1, 7], [0, 7, 10], [0, 10, 11], [1, 5, 9], [5, 11, 4], [11, 10, 2], [10, 7, 6], [7, 1, 8],
        [3, 9, 4], [3, 4, 2], [3, 2, 6], [3, 6, 8], [3, 8, 9], [4, 9, 5], [2, 4, 11], [6, 2, 10], [8, 6, 7], [9, 8, 1],
    ];
    Surface { points, triangles }
}

/// So many that a facet is about as long as the finest cell: an icosahedron's edge is 0.53 diameters.
fn subdivisions(settings: &MeshSettings) -> u32 {
    let finest = settings.cells_per_diameter * 2.0_f64.powf(f64::from(settings.surface_level));
    if finest > 24.0 { 4 } else { 3 }
}

/// For each sphere the unit vectors towards what it touches.
fn contact_directions(spheres: &[Sphere], tube_diameter_m: Option<f64>) -> Vec<Vec<[f64; 3]>> {
    let mut directions = vec![Vec::new(); spheres.len()];
    for (a, b) in contacts::pairs(spheres, CONTACT_GAP_RATIO) {
        let towards = normalised(sub(spheres[b].centre_m, spheres[a].centre_m));
        directions[a].push(towards);
        directions[b].push(scaled(towards, -1.0));
    }
    let Some(diameter_m) = tube_diameter_m else {
        return directions;
    };
    for (sphere, directions) in spheres.iter().zip(&mut directions) {
        let gap_m = diameter_m / 2.0 - sphere.axis_distance_m() - sphere.radius_m;
        if gap_m < 2.0 * sphere.radius_m * CONTACT_GAP_RATIO {
            let [x, y, _] = sphere.centre_m;
            directions.push(normalised([x, y, 0.0]));
        }
    }
    directions
}

/// One sphere's surface: made smaller, flattened at its contacts, or left as it is.
fn treated(
    ball: &Surface,
    sphere: &Sphere,
    touching: &[[f64; 3]],
    settings: &MeshSettings,
) -> Surface {
    let size = settings.contact_size;
    let scale = match settings.contact_treatment {
        ContactTreatment::Shrink => 1.0 - size,
        _ => 1.0,
    };
    // height of the flat over the centre, in radii, for a flat of radius `size` diameters
    let flat = (1.0 - (2.0 * size).powi(2)).max(0.0).sqrt();
    let mut surface = ball.clone();
    for point in &mut surface.points {
        if settings.contact_treatment == ContactTreatment::Cap {
            for direction in touching {
                let height = dot(*point, *direction);
                if height > flat {
                    *point = scaled(*point, flat / height);
                }
            }
        }
        *point = add(sphere.centre_m, scaled(*point, sphere.radius_m * scale));
    }
    surface
}

/// Half a bridge: a closed cylinder from inside the sphere to just beyond the point of contact.
fn bridge(sphere: &Sphere, direction: [f64; 3], size: f64) -> Surface {
    let radius = 2.0 * size * sphere.radius_m;
    let foot = (sphere.radius_m.powi(2) - radius.powi(2)).max(0.0).sqrt() - 0.2 * sphere.radius_m;
    let head = (1.0 + 4.0 * CONTACT_GAP_RATIO) * sphere.radius_m;
    let helper = if direction[2].abs() < 0.9 {
        [0.0, 0.0, 1.0]
    } else {
        [1.0, 0.0, 0.0]
    };
    let u = normalised(cross(direction, helper));
    let v = cross(direction, u);
    let mut points = Vec::with_capacity(2 * BRIDGE_FACETS + 2);
    for height in [foot, head] {
        let centre = add(sphere.centre_m, scaled(direction, height));
        for facet in 0..BRIDGE_FACETS {
            let (sin, cos) = (2.0 * PI * facet as f64 / BRIDGE_FACETS as f64).sin_cos();
            points.push(add(
                centre,
                add(scaled(u, radius * cos), scaled(v, radius * sin)),
            ));
        }
    }
    points.push(add(sphere.centre_m, scaled(direction, foot)));
    points.push(add(sphere.centre_m, scaled(direction, head)));
    let (n, low, high) = (BRIDGE_FACETS, 2 * BRIDGE_FACETS, 2 * BRIDGE_FACETS + 1);
    let triangles = (0..n)
        .flat_map(|a| {
            let b = (a + 1) % n;
            [
                [a, b, n + b],
                [a, n + b, n + a],
                [b, a, low],
                [n + a, n + b, high],
            ]
        })
        .collect();
    Surface { points, triangles }
}

#[cfg(test)]
#[path = "surface_tests.rs"]
mod tests;
