//! Void fraction: correlations that predict it, and its exact value from the positions of the spheres.

mod mean;

pub use mean::{benyahia_oneill, dixon_spheres, zou_yu_dense, zou_yu_loose};
