//! Exact void fraction between two planes of a tube.

use super::disc::shared_area;
use crate::{Sphere, quadrature::integrate_pieces};
use std::f64::consts::PI;

/// Void fraction of the part of a tube between two heights, wall region included.
///
/// Each sphere counts with exactly the part of it that lies between the planes and within the tube: in closed form when
/// it stays within the wall, by quadrature of circle–circle areas (relative error below 1e-10 of the sphere) when it
/// crosses it. The lens that two overlapping spheres share is counted twice; for the overlaps a good packing has
/// (≤ 0.1 % of d) that changes the porosity by less than 1e-5. NaN when the window has no volume.
pub fn window_porosity(spheres: &[Sphere], tube_diameter_m: f64, z_lo_m: f64, z_hi_m: f64) -> f64 {
    let tube_radius = 0.5 * tube_diameter_m;
    let solid: f64 = spheres
        .iter()
        .map(|sphere| solid_volume_m3(sphere, tube_radius, z_lo_m, z_hi_m))
        .sum();
    1.0 - solid / (PI * tube_radius * tube_radius * (z_hi_m - z_lo_m))
}

/// Void fraction far from the wall: of the inner cylinder whose radius is one particle diameter less than the tube's,
/// which leaves out the ordered layer at the wall. `None` in a tube so narrow (N < 3) that nothing is far from the wall.
pub fn core_porosity(
    spheres: &[Sphere],
    tube_diameter_m: f64,
    particle_diameter_m: f64,
    z_lo_m: f64,
    z_hi_m: f64,
) -> Option<f64> {
    let core_diameter_m = tube_diameter_m - 2.0 * particle_diameter_m;
    (tube_diameter_m >= 3.0 * particle_diameter_m)
        .then(|| window_porosity(spheres, core_diameter_m, z_lo_m, z_hi_m))
}

/// Volume that a sphere has between two heights within a vertical cylinder round the z axis.
pub fn solid_volume_m3(sphere: &Sphere, cylinder_radius_m: f64, z_lo_m: f64, z_hi_m: f64) -> f64 {
    let radius = sphere.radius_m;
    let low = (z_lo_m - sphere.centre_m[2]).max(-radius);
    let high = (z_hi_m - sphere.centre_m[2]).min(radius);
    let from_axis = sphere.axis_distance_m();
    if high <= low || from_axis >= cylinder_radius_m + radius {
        return 0.0;
    }
    let whole = slab_volume(radius, low, high);
    if from_axis + radius <= cylinder_radius_m {
        whole
    } else {
        whole - volume_outside(radius, from_axis, cylinder_radius_m, low, high)
    }
}

/// Volume of a sphere between two planes, heights measured from its centre and within it.
fn slab_volume(radius: f64, low: f64, high: f64) -> f64 {
    let to = |height: f64| PI * height * (radius * radius - height * height / 3.0);
    to(high) - to(low)
}

/// Volume of the same slab outside the cylinder. The slice begins to cross the wall, or stops touching the inside,
/// at the heights where its radius is `|cylinder − from_axis|`, and swallows the whole tube at `cylinder + from_axis`.
fn volume_outside(radius: f64, from_axis: f64, cylinder: f64, low: f64, high: f64) -> f64 {
    let height_where = |slice: f64| ((radius - slice) * (radius + slice)).max(0.0).sqrt();
    let crossing = height_where((cylinder - from_axis).abs());
    let swallowing = height_where(cylinder + from_axis);
    integrate_pieces(
        low,
        high,
        [-crossing, -swallowing, swallowing, crossing],
        |height| {
            let slice = height_where(height.abs());
            PI * slice * slice - shared_area(slice, cylinder, from_axis)
        },
    )
}
