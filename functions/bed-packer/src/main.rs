//! Entry point of the packing worker: works until it is told to stop.

use std::sync::Arc;

use bed_packer::{BedPacker, Blender};
use runtime::{Settings, telemetry};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let settings = Settings::from_env()?;
    telemetry::init(&settings)?;
    let packer = Blender::default();
    stages::serve(&settings, |parts| {
        BedPacker::new(packer, Arc::clone(&parts.ids))
    })
    .await?;
    Ok(())
}
