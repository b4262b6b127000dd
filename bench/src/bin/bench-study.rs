//! What a person waits for: the start of `leito`, its idle memory, the demo, and the demo again.
//! Runs the `leito` that was built beside it, in a data folder of its own.
#![expect(clippy::print_stdout, reason = "printing figures is what it is for")]

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use bench::leito::Leito;
use serde_json::Value;

/// After this much quiet, memory is what the program needs when nothing happens.
const QUIET: Duration = Duration::from_secs(5);

fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let leito = Leito::beside_us(folder.path())?;
    // the first start makes the database cluster: that is set-up
    leito.start()?.stop()?;
    let begun = Instant::now();
    let running = leito.start()?;
    println!(
        "start to ready                     {:6.2} s        (target 3)",
        begun.elapsed().as_secs_f64()
    );
    sleep(QUIET);
    println!(
        "idle memory of its own process     {:6.1} MB       (target 60)",
        running.resident_mb()?
    );
    let first = demo(&leito, &folder.path().join("first"))?;
    println!("demo, submit to result             {first:6.1} s        (target 150 on 2 cores)");
    let again = demo(&leito, &folder.path().join("again"))?;
    println!("the same study again               {again:6.2} s        (target 1)");
    running.stop()
}

/// Seconds from submit to result, as the program itself says.
fn demo(leito: &Leito, out: &Path) -> Result<f64> {
    let output = leito
        .command(&["demo", "--json", "--out"])
        .arg(out)
        .output()?;
    let result: Value = serde_json::from_slice(&output.stdout).context("the demo has no result")?;
    result["seconds"].as_f64().context("the demo took no time")
}
