//! Entry point of the packing worker: works until it is told to stop.

use std::sync::Arc;

use bed_packer::BedPacker;
use runtime::{Settings, telemetry};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let settings = Settings::from_env()?;
    telemetry::init(&settings)?;
    stages::serve(&settings, |parts| BedPacker::new(Arc::clone(&parts.ids))).await?;
    Ok(())
}
