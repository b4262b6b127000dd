//! Meshing and solving with OpenFOAM: spheres in, case and numbers out.
//! Owns the case files and the reading of logs; the physics of the numbers is `physics`'.

mod bridges;
mod case;
mod check;
mod domain;
pub mod exact;
mod flow;
mod geometry;
mod mesh;
mod monitor;
mod output;
mod planes;
mod poly_mesh;
mod run;
mod solve;
mod vector;

pub use check::Quality;
pub use domain::{Background, Section, Setup};
pub use flow::{File, Flow, FlowNumbers};
pub use mesh::{MESH_ARCHIVE, Mesh, PackingNumbers, mesh, mesh_setup, restore_mesh};
pub use monitor::{Convergence, Iteration};
pub use planes::Plane;
pub use poly_mesh::PolyMesh;
pub use run::version;
pub use solve::solve;

/// Counts the ways in which this module has driven `OpenFOAM`. It belongs into the key of every mesh and flow, so that
/// none that was made another way is taken for one of today's: raise it with every change of the case that they show.
pub const RECIPE: &str = "2";
