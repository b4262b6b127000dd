//! Void fraction: correlations that predict it, and its exact value from the positions of the spheres.

mod disc;
mod height;
mod mean;
mod profile;
mod radial;
mod window;

pub use height::{Window, bed_height_m, measuring_window};
pub use mean::{benyahia_oneill, dixon_spheres, zou_yu_dense, zou_yu_loose};
pub use profile::{ProfilePoint, axial_profile, radial_porosity, radial_profile};
pub use radial::{de_klerk_radial, giese_radial};
pub use window::{core_porosity, solid_volume_m3, window_porosity};
