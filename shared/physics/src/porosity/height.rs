//! Where a bed ends, and where its porosity is measured.

use crate::{Sphere, contacts::Cells};
use serde::{Deserialize, Serialize};

/// Two heights in the tube between which something is measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Lower height.
    pub low_m: f64,
    /// Upper height.
    pub high_m: f64,
}

/// Height of the top of the bed above the floor: the mean highest point of the topmost layer, 0 for no spheres.
///
/// The topmost layer is made of the spheres that are seen whole from above: no higher sphere hides any part of them.
/// One sphere that lies on top of the others therefore moves the height by its share in the layer only.
pub fn bed_height_m(spheres: &[Sphere]) -> f64 {
    let largest = spheres
        .iter()
        .map(|sphere| sphere.radius_m)
        .fold(0.0, f64::max);
    let seen_from_above: Vec<Sphere> = spheres
        .iter()
        .map(|sphere| Sphere {
            centre_m: [sphere.centre_m[0], sphere.centre_m[1], 0.0],
            ..*sphere
        })
        .collect();
    let cells = Cells::new(&seen_from_above, 2.0 * largest);
    let hides = |above: usize, below: usize| {
        spheres[above].centre_m[2] > spheres[below].centre_m[2]
            && seen_from_above[above].centre_distance_m(&seen_from_above[below])
                < spheres[above].radius_m + spheres[below].radius_m
    };
    let tops: Vec<f64> = (0..spheres.len())
        .filter(|&index| {
            !cells
                .near(&seen_from_above[index])
                .any(|other| hides(other, index))
        })
        .map(|index| spheres[index].centre_m[2] + spheres[index].radius_m)
        .collect();
    if tops.is_empty() {
        0.0
    } else {
        tops.iter().sum::<f64>() / tops.len() as f64
    }
}

/// The window in which a bed's porosity is measured: one particle diameter inside each end, so that neither the flat floor
/// nor the rough top is in it. `None` for a bed of two diameters or less, which has no inside.
pub fn measuring_window(bed_height_m: f64, particle_diameter_m: f64) -> Option<Window> {
    let window = Window {
        low_m: particle_diameter_m,
        high_m: bed_height_m - particle_diameter_m,
    };
    (window.high_m > window.low_m).then_some(window)
}
