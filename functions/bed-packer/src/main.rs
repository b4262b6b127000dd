//! Entry point of the packing worker: works until it is told to stop, or on the batches that Lambda gives it.

use std::sync::Arc;

use bed_packer::BedPacker;
use runtime::{Settings, SystemClock, telemetry};
use worker::Parts;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let settings = Settings::from_env()?;
    telemetry::init(&settings)?;
    let handler = |parts: &Parts| BedPacker::new(Arc::clone(&parts.ids));
    if settings.on_lambda {
        Box::pin(stages::function(&settings, &SystemClock, handler)).await?;
    } else {
        stages::serve(&settings, handler).await?;
    }
    Ok(())
}
