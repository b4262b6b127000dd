//! What a person waits for: the start of `leito`, its idle memory, the demo, and the demo again.
//! Runs the `leito` that was built beside it, in a data folder of its own.
#![expect(clippy::print_stdout, reason = "printing figures is what it is for")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use rustix::process::{Pid, Signal, kill_process};
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
    let first = leito.demo("first")?;
    println!("demo, submit to result             {first:6.1} s        (target 150 on 2 cores)");
    let again = leito.demo("again")?;
    println!("the same study again               {again:6.2} s        (target 1)");
    running.stop()
}

struct Leito {
    program: PathBuf,
    folder: PathBuf,
}

impl Leito {
    fn beside_us(folder: &Path) -> Result<Self> {
        let here = std::env::current_exe()?;
        let program = here.with_file_name("leito");
        ensure!(
            program.exists(),
            "build it first: cargo build --release -p leito"
        );
        Ok(Self {
            program,
            folder: folder.to_owned(),
        })
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .env("LEITO_DATA", self.folder.join("data"))
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// Started and ready: it has printed its address.
    fn start(&self) -> Result<Running> {
        let mut child = self
            .command(&["up", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()?;
        let output = child.stdout.take().context("no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        ensure!(line.contains("http"), "leito up did not start");
        Ok(Running(child))
    }

    /// Seconds from submit to result, as the program itself says.
    fn demo(&self, name: &str) -> Result<f64> {
        let out = self.folder.join(name);
        let output = self
            .command(&["demo", "--json", "--out"])
            .arg(out)
            .output()?;
        let result: Value =
            serde_json::from_slice(&output.stdout).context("the demo has no result")?;
        result["seconds"].as_f64().context("the demo took no time")
    }
}

struct Running(Child);

impl Running {
    fn resident_mb(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .context("no memory in /proc")?;
        let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kilobytes / 1e3)
    }

    fn stop(mut self) -> Result<()> {
        let pid = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw);
        kill_process(pid.context("no process")?, Signal::TERM)?;
        self.0.wait()?;
        Ok(())
    }
}
