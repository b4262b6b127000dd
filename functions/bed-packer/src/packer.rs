//! What packs.

use async_trait::async_trait;
use bed::Bed;
use engine::blender::{self, Packing};
use engine::{Context, EngineError};
use tokio::sync::OnceCell;

/// A program that packs beds, or a stand-in for it in tests.
#[async_trait]
pub trait Packer: Send + Sync + 'static {
    /// Its version: another version may pack differently.
    async fn version(&self, context: &Context) -> Result<String, EngineError>;

    /// Packs a bed in the context's folder.
    async fn pack(&self, bed: &Bed, context: &Context) -> Result<Packing, EngineError>;
}

/// The installed Blender.
#[derive(Debug, Default)]
pub struct Blender {
    /// Asked for once a process, because starting Blender takes a second.
    version: OnceCell<String>,
}

#[async_trait]
impl Packer for Blender {
    async fn version(&self, context: &Context) -> Result<String, EngineError> {
        self.version
            .get_or_try_init(|| blender::version(context))
            .await
            .cloned()
    }

    async fn pack(&self, bed: &Bed, context: &Context) -> Result<Packing, EngineError> {
        blender::pack(bed, context).await
    }
}
