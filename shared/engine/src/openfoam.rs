//! Meshing and solving with OpenFOAM: spheres in, case and numbers out.
//! Owns the case files and the reading of logs; the physics of the numbers is `physics`'.

mod case;
mod check;
mod domain;
pub mod exact;
mod flow;
mod mesh;
mod monitor;
mod output;
mod planes;
mod poly_mesh;
mod run;
mod solve;
mod surface;
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
