//! Void fraction along the axis and along the radius, exact from the positions of the spheres.

use super::{
    disc::arc_share,
    window::{solid_volume_m3, window_porosity},
};
use crate::{Sphere, quadrature::integrate_pieces};
use serde::{Deserialize, Serialize};

/// One point of a porosity profile.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfilePoint {
    /// Height above the floor, or distance from the axis.
    pub position_m: f64,
    /// Void fraction there.
    pub porosity: f64,
}

/// Mean porosity of equally thick slices from `z_lo_m` to `z_hi_m`, each at its middle height.
/// Their mean is the porosity of the whole window.
pub fn axial_profile(
    spheres: &[Sphere],
    tube_diameter_m: f64,
    z_lo_m: f64,
    z_hi_m: f64,
    slices: usize,
) -> Vec<ProfilePoint> {
    let thickness = (z_hi_m - z_lo_m) / slices as f64;
    let edge = |index: usize| z_lo_m + thickness * index as f64;
    let order = by_lowest_point(spheres);
    let largest = spheres
        .iter()
        .map(|sphere| 2.0 * sphere.radius_m)
        .fold(0.0, f64::max);
    (0..slices)
        .map(|index| {
            let (low, high) = (edge(index), edge(index + 1));
            let first = order.partition_point(|sphere| lowest(sphere) < low - largest);
            let last = order.partition_point(|sphere| lowest(sphere) < high);
            ProfilePoint {
                position_m: 0.5 * (low + high),
                porosity: window_porosity(&order[first..last], tube_diameter_m, low, high),
            }
        })
        .collect()
}

/// Porosity at equally spaced radii from the axis to the wall, both included, averaged over angle and height.
/// A profile of one point is the axis alone.
pub fn radial_profile(
    spheres: &[Sphere],
    tube_diameter_m: f64,
    z_lo_m: f64,
    z_hi_m: f64,
    points: usize,
) -> Vec<ProfilePoint> {
    let step = 0.5 * tube_diameter_m / points.saturating_sub(1).max(1) as f64;
    let near: Vec<Sphere> = spheres
        .iter()
        .filter(|sphere| solid_volume_m3(sphere, f64::INFINITY, z_lo_m, z_hi_m) > 0.0)
        .copied()
        .collect();
    (0..points)
        .map(|index| {
            let position_m = step * index as f64;
            let porosity = radial_porosity(&near, position_m, z_lo_m, z_hi_m);
            ProfilePoint {
                position_m,
                porosity,
            }
        })
        .collect()
}

/// Void fraction of the cylinder surface of one radius between two heights: the arcs that the spheres cut out of it,
/// integrated over height (Mueller, G. E. (2012), Powder Technol. 229, 90–96, averaged exactly instead of by slices).
pub fn radial_porosity(spheres: &[Sphere], radius_m: f64, z_lo_m: f64, z_hi_m: f64) -> f64 {
    let covered: f64 = spheres
        .iter()
        .map(|sphere| covered_height(sphere, radius_m, z_lo_m, z_hi_m))
        .sum();
    1.0 - covered / (z_hi_m - z_lo_m)
}

/// Area that a sphere covers of a cylinder surface, over the surface's circumference.
fn covered_height(sphere: &Sphere, cylinder: f64, z_lo_m: f64, z_hi_m: f64) -> f64 {
    let (radius, from_axis) = (sphere.radius_m, sphere.axis_distance_m());
    let closest = (cylinder - from_axis).abs();
    if closest >= radius {
        return 0.0;
    }
    let height_where = |slice: f64| ((radius - slice) * (radius + slice)).max(0.0).sqrt();
    let (touching, swallowing) = (height_where(closest), height_where(cylinder + from_axis));
    let low = (z_lo_m - sphere.centre_m[2]).max(-touching);
    let high = (z_hi_m - sphere.centre_m[2]).min(touching);
    integrate_pieces(low, high, [-swallowing, swallowing], |height| {
        arc_share(cylinder, height_where(height.abs()), from_axis)
    })
}

fn lowest(sphere: &Sphere) -> f64 {
    sphere.centre_m[2] - sphere.radius_m
}

fn by_lowest_point(spheres: &[Sphere]) -> Vec<Sphere> {
    let mut order = spheres.to_vec();
    order.sort_by(|a, b| lowest(a).total_cmp(&lowest(b)));
    order
}
