//! What a large packing costs beyond its physics: 800 spheres at N = 10, the stages of the engine's own clock.
#![expect(clippy::print_stdout, reason = "printing figures is what it is for")]

use std::sync::Arc;

use anyhow::Result;
use bed::Bed;
use engine::{Context, blender};
use tokio_util::sync::CancellationToken;

#[tokio::main]
async fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let context = Context {
        dir: folder.path().to_owned(),
        cores: 2,
        cancel: CancellationToken::new(),
        progress: Arc::new(|_| ()),
    };
    let bed = Bed::new("large", 0.05, 0.2, 0.005, 800);
    let packing = blender::pack(&bed, &context).await?;
    let seconds = packing.times_s;
    let total_s = seconds.setup + seconds.physics + seconds.export + seconds.analysis;
    println!("800 spheres, N = 10");
    println!(
        "bare physics steps                 {:6.1} s",
        seconds.physics
    );
    println!(
        "set-up, physics, export, analysis  {total_s:6.1} s        (target 1.3 of the bare steps; {:.2})",
        total_s / seconds.physics
    );
    println!(
        "porosity                           {:6.4}          (Dixon 1988: {:.4}; {:+.4})",
        packing.bulk_porosity,
        packing.expected.dixon,
        packing.bulk_porosity - packing.expected.dixon
    );
    Ok(())
}
