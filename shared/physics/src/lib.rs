//! The numbers of packed beds: exact porosity from sphere positions, contacts, correlations, uncertainty.
//! Pure functions of their arguments in SI units; never reads a file, a clock or the environment.

pub mod porosity;
mod sphere;

pub use sphere::Sphere;
