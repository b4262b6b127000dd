//! The numbers of packed beds: exact porosity from sphere positions, contacts, correlations, uncertainty.
//! Pure functions of their arguments in SI units; never reads a file, a clock or the environment.

pub mod contacts;
mod error;
pub mod error_band;
pub mod flow;
pub mod porosity;
pub mod pressure_drop;
mod quadrature;
mod sphere;
pub mod uncertainty;

pub use error::{Error, Result};
pub use error_band::ErrorBand;
pub use sphere::Sphere;
