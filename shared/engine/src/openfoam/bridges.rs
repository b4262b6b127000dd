//! The bridges where particles touch, as triangles: there are several for each sphere, and the mesher searches triangles
//! in a tree but analytic surfaces one after the other.

use std::f64::consts::PI;
use std::fmt::Write as _;

use bed::ContactTreatment;
use physics::{Sphere, contacts};

use super::domain::Setup;
use super::vector::{add, cross, normalised, scaled, sub};

/// Surfaces closer than this share of the particle diameter count as touching for the contact treatment.
pub const CONTACT_GAP_RATIO: f64 = 0.01;

/// Facets around a bridge.
const BRIDGE_FACETS: usize = 24;

/// Closed cylinders as points and triangles, indices from 0.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bridges {
    /// Corners, m.
    pub points: Vec<[f64; 3]>,
    /// Triangles, outward-facing.
    pub triangles: Vec<[usize; 3]>,
}

impl Bridges {
    /// Those of a domain: between spheres that touch each other or the wall of the tube. None unless contacts are
    /// bridged.
    pub fn of(setup: &Setup) -> Self {
        let mut bridges = Self::default();
        if setup.settings.contact_treatment == ContactTreatment::Bridge {
            let directions = contact_directions(&setup.spheres, setup.section.tube_diameter_m());
            for (sphere, touching) in setup.spheres.iter().zip(&directions) {
                for direction in touching {
                    bridges.append(&bridge(sphere, *direction, setup.settings.contact_size));
                }
            }
        }
        bridges
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.triangles.is_empty()
    }

    /// Wavefront text, which the mesher and every viewer read.
    pub fn to_obj(&self) -> String {
        let mut text = String::from("g bridges\n");
        for [x, y, z] in &self.points {
            // writing to a string cannot fail
            let _infallible = writeln!(text, "v {x:.9e} {y:.9e} {z:.9e}");
        }
        for [a, b, c] in &self.triangles {
            let _infallible = writeln!(text, "f {} {} {}", a + 1, b + 1, c + 1);
        }
        text
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

/// Half a bridge: a closed cylinder from inside the sphere to just beyond the point of contact.
fn bridge(sphere: &Sphere, direction: [f64; 3], size: f64) -> Bridges {
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
    Bridges { points, triangles }
}

#[cfg(test)]
#[path = "bridges_tests.rs"]
mod tests;
