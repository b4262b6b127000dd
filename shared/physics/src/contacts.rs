//! Who touches whom: contact pairs, coordination, overlap, and how far spheres stick into wall and floor.

use crate::Sphere;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Spheres sorted into cubic cells as wide as the reach of a query, so that neighbours are found in constant time.
pub(crate) struct Cells {
    width: f64,
    members: HashMap<[i64; 3], Vec<usize>>,
}

impl Cells {
    pub(crate) fn new(spheres: &[Sphere], reach_m: f64) -> Self {
        let mut cells = Self {
            width: reach_m,
            members: HashMap::new(),
        };
        for (index, sphere) in spheres.iter().enumerate() {
            cells
                .members
                .entry(cells.cell_of(sphere))
                .or_default()
                .push(index);
        }
        cells
    }

    /// Indices of every sphere whose centre may be within reach of this one's, this one included.
    pub(crate) fn near(&self, sphere: &Sphere) -> impl Iterator<Item = usize> {
        let [x, y, z] = self.cell_of(sphere);
        (0..27_i64)
            .map(move |n| [x + n % 3 - 1, y + n / 3 % 3 - 1, z + n / 9 - 1])
            .filter_map(|cell| self.members.get(&cell))
            .flatten()
            .copied()
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "a bed is far fewer than 2^63 particle diameters wide"
    )]
    fn cell_of(&self, sphere: &Sphere) -> [i64; 3] {
        sphere.centre_m.map(|x| (x / self.width).floor() as i64)
    }
}

/// Pairs of spheres (lower index first, in order) whose surfaces are closer than `gap_ratio` mean diameters.
/// A ratio of 0 gives those that touch or overlap. Time grows linearly with the number of spheres of similar size.
pub fn pairs(spheres: &[Sphere], gap_ratio: f64) -> Vec<(usize, usize)> {
    let largest = spheres
        .iter()
        .map(|sphere| sphere.radius_m)
        .fold(0.0, f64::max);
    let cells = Cells::new(spheres, 2.0 * largest * (1.0 + gap_ratio.max(0.0)));
    let mut found: Vec<(usize, usize)> = spheres
        .iter()
        .enumerate()
        .flat_map(|(index, sphere)| {
            cells
                .near(sphere)
                .filter(move |&other| {
                    index < other && -overlap_ratio(sphere, &spheres[other]) <= gap_ratio
                })
                .map(move |other| (index, other))
        })
        .collect();
    found.sort_unstable();
    found
}

/// How many neighbours the spheres of a bed touch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coordination {
    /// Mean number of contacts with other spheres (contacts with wall and floor not counted); 0 for no spheres.
    pub mean: f64,
    /// How many spheres have 0, 1, 2 … contacts.
    pub histogram: Vec<usize>,
}

/// Coordination number, counting as contacts the gaps below `gap_ratio` mean diameters.
pub fn coordination(spheres: &[Sphere], gap_ratio: f64) -> Coordination {
    let mut contacts = vec![0_usize; spheres.len()];
    for (a, b) in pairs(spheres, gap_ratio) {
        contacts[a] += 1;
        contacts[b] += 1;
    }
    let mut histogram = vec![0; contacts.iter().max().map_or(0, |most| most + 1)];
    for &count in &contacts {
        histogram[count] += 1;
    }
    let mean = contacts.iter().sum::<usize>() as f64 / contacts.len().max(1) as f64;
    Coordination { mean, histogram }
}

/// Deepest overlap of two spheres, over their mean diameter; 0 when none overlap.
pub fn max_overlap_ratio(spheres: &[Sphere]) -> f64 {
    pairs(spheres, 0.0)
        .into_iter()
        .map(|(a, b)| overlap_ratio(&spheres[a], &spheres[b]))
        .fold(0.0, f64::max)
}

/// How far the worst sphere sticks into the tube's wall, over its diameter; 0 when none does.
pub fn wall_penetration_ratio(spheres: &[Sphere], tube_diameter_m: f64) -> f64 {
    spheres
        .iter()
        .map(|sphere| {
            let beyond = sphere.axis_distance_m() + sphere.radius_m - 0.5 * tube_diameter_m;
            beyond / (2.0 * sphere.radius_m)
        })
        .fold(0.0, f64::max)
}

/// How far the worst sphere sticks into the floor at z = 0, over its diameter; 0 when none does.
pub fn floor_penetration_ratio(spheres: &[Sphere]) -> f64 {
    spheres
        .iter()
        .map(|sphere| (sphere.radius_m - sphere.centre_m[2]) / (2.0 * sphere.radius_m))
        .fold(0.0, f64::max)
}

/// Overlap over the mean diameter; negative for a gap.
fn overlap_ratio(a: &Sphere, b: &Sphere) -> f64 {
    let touching = a.radius_m + b.radius_m;
    (touching - a.centre_distance_m(b)) / touching
}

#[cfg(test)]
mod tests {
    use super::Cells;
    use crate::Sphere;

    #[test]
    fn a_query_looks_at_a_few_neighbours_however_many_spheres_there_are() {
        for count in [1_000_u32, 27_000] {
            let side = f64::from(count).cbrt();
            let spheres: Vec<Sphere> = (0..count)
                .map(|n| {
                    let spread = |step: f64| (f64::from(n) * step).fract() * side;
                    let centre_m = [spread(0.618_034), spread(0.754_878), spread(0.569_84)];
                    Sphere {
                        centre_m,
                        radius_m: 0.5,
                    }
                })
                .collect();
            let cells = Cells::new(&spheres, 1.0);
            let looked_at: usize = spheres
                .iter()
                .map(|sphere| cells.near(sphere).count())
                .sum();
            let each = looked_at as f64 / f64::from(count);
            assert!(each < 60.0, "{each} neighbours looked at among {count}");
        }
    }
}
