//! Beds to measure: ordered ones whose numbers are known, and random ones.

use physics::Sphere;
use proptest::prelude::*;

pub const TUBE_DIAMETER_M: f64 = 0.05;

pub fn sphere(x: f64, y: f64, z: f64, radius_m: f64) -> Sphere {
    Sphere {
        centre_m: [x, y, z],
        radius_m,
    }
}

/// `count` touching unit-diameter spheres along each axis, the lowest layer on the floor.
pub fn simple_cubic(count: u32) -> Vec<Sphere> {
    let at = |index: u32| f64::from(index);
    (0..count.pow(3))
        .map(|n| {
            sphere(
                at(n % count),
                at(n / count % count),
                at(n / count / count) + 0.5,
                0.5,
            )
        })
        .collect()
}

/// Spheres of 2 to 6 mm in and across the wall of the tube, up to 0.1 m high, none overlapping another.
pub fn apart() -> impl Strategy<Value = Vec<Sphere>> {
    let one = (-0.027..0.027, -0.027..0.027, 0.0..0.1, 0.001..0.003)
        .prop_map(|(x, y, z, radius_m)| sphere(x, y, z, radius_m));
    prop::collection::vec(one, 0..120).prop_map(|candidates| {
        let mut kept: Vec<Sphere> = Vec::new();
        for new in candidates {
            let free = |old: &Sphere| old.centre_distance_m(&new) >= old.radius_m + new.radius_m;
            if kept.iter().all(free) {
                kept.push(new);
            }
        }
        kept
    })
}

/// Numbers spread evenly over [0, 1) in a fixed order.
pub struct Even(u64);

impl Even {
    pub fn new() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }

    pub fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}
