use serde::{Deserialize, Serialize};

/// One spherical particle at rest. The tube's axis is +z, its floor at z = 0 and its axis at x = y = 0.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sphere {
    /// Position of the centre: x, y, z.
    pub centre_m: [f64; 3],
    /// Radius.
    pub radius_m: f64,
}

impl Sphere {
    /// Volume of the whole sphere.
    pub fn volume_m3(&self) -> f64 {
        4.0 / 3.0 * std::f64::consts::PI * self.radius_m.powi(3)
    }

    /// Distance of the centre from the tube's axis.
    pub fn axis_distance_m(&self) -> f64 {
        self.centre_m[0].hypot(self.centre_m[1])
    }

    /// Distance between the centres of two spheres.
    pub fn centre_distance_m(&self, other: &Self) -> f64 {
        let [x, y, z] = [0, 1, 2].map(|axis| self.centre_m[axis] - other.centre_m[axis]);
        x.hypot(y).hypot(z)
    }
}
