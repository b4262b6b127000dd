//! What meshes and solves.

use std::path::Path;

use async_trait::async_trait;
use bed::Bed;
use engine::openfoam::{self, Flow, Mesh, PackingNumbers};
use engine::{Context, EngineError};
use physics::Sphere;
use tokio::sync::OnceCell;

/// A program that computes flows, or a stand-in for it in tests.
#[async_trait]
pub trait Solver: Send + Sync + 'static {
    /// Its version: another version may give other numbers.
    async fn version(&self, context: &Context) -> Result<String, EngineError>;

    /// Meshes a packing; leaves the case and its archive `engine::openfoam::MESH_ARCHIVE` in the context's folder.
    async fn mesh(
        &self,
        bed: &Bed,
        spheres: &[Sphere],
        packing: &PackingNumbers,
        context: &Context,
    ) -> Result<Mesh, EngineError>;

    /// Puts an archived mesh back into the context's folder.
    async fn restore(&self, archive: &Path, context: &Context) -> Result<(), EngineError>;

    /// Solves one flow on the mesh in the context's folder.
    async fn solve(
        &self,
        bed: &Bed,
        mesh: &Mesh,
        velocity_m_s: f64,
        context: &Context,
    ) -> Result<Flow, EngineError>;
}

/// The installed `OpenFOAM`.
#[derive(Debug, Default)]
pub struct OpenFoam {
    /// Asked for once a process.
    version: OnceCell<String>,
}

#[async_trait]
impl Solver for OpenFoam {
    async fn version(&self, context: &Context) -> Result<String, EngineError> {
        self.version
            .get_or_try_init(|| openfoam::version(context))
            .await
            .cloned()
    }

    async fn mesh(
        &self,
        bed: &Bed,
        spheres: &[Sphere],
        packing: &PackingNumbers,
        context: &Context,
    ) -> Result<Mesh, EngineError> {
        openfoam::mesh(bed, spheres, packing, context).await
    }

    async fn restore(&self, archive: &Path, context: &Context) -> Result<(), EngineError> {
        openfoam::restore_mesh(archive, context).await
    }

    async fn solve(
        &self,
        bed: &Bed,
        mesh: &Mesh,
        velocity_m_s: f64,
        context: &Context,
    ) -> Result<Flow, EngineError> {
        openfoam::solve(bed, mesh, velocity_m_s, context).await
    }
}
