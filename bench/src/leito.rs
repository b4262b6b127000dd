//! The `leito` that was built beside the benchmarks, as it ships, in a data folder of its own.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

/// The program and its data folder.
#[derive(Debug)]
pub struct Leito {
    program: PathBuf,
    data: PathBuf,
}

impl Leito {
    /// The program beside this one, with its data below `folder`.
    pub fn beside_us(folder: &Path) -> Result<Self> {
        let program = std::env::current_exe()?.with_file_name("leito");
        ensure!(
            program.exists(),
            "build it first: cargo build --profile server -p leito"
        );
        Ok(Self {
            program,
            data: folder.join("data"),
        })
    }

    /// A command of it on that folder, without input and warnings.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .env("LEITO_DATA", &self.data)
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// Started and ready: it has printed its address.
    pub fn start(&self) -> Result<Running> {
        let mut child = self
            .command(&["up", "--json", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()?;
        let output = child.stdout.take().context("no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let address = serde_json::from_str::<Value>(&line)
            .ok()
            .and_then(|said| Some(said["address"].as_str()?.to_owned()));
        let mut running = Running {
            child,
            data: self.data.clone(),
            address: String::new(),
        };
        running.address = address.context("leito up did not start")?;
        Ok(running)
    }
}

/// A running system; it ends when this is dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
    data: PathBuf,
    address: String,
}

impl Running {
    /// Where it listens: `127.0.0.1:8080`.
    pub fn socket(&self) -> Result<std::net::SocketAddr> {
        let socket = self.address.strip_prefix("http://");
        Ok(socket.context("no plain HTTP")?.parse()?)
    }

    /// The key of the local account.
    pub fn key(&self) -> Result<String> {
        Ok(fs::read_to_string(self.data.join("api-key"))?
            .trim()
            .to_owned())
    }

    /// How to reach its Postgres.
    pub fn database_url(&self) -> Result<String> {
        let said: Value = serde_json::from_slice(&fs::read(self.data.join("run.json"))?)?;
        let url = said["database_url"].as_str();
        Ok(url.context("it names no database")?.to_owned())
    }

    /// What its Postgres says.
    pub fn database_log(&self) -> PathBuf {
        self.data.join("database/postgres.log")
    }

    /// What its own process holds in memory now, without its children.
    pub fn resident_mb(&self) -> Result<f64> {
        self.memory_mb("VmRSS:")
    }

    /// The most that it has held since it was started.
    pub fn most_resident_mb(&self) -> Result<f64> {
        self.memory_mb("VmHWM:")
    }

    fn memory_mb(&self, what: &str) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix(what))
            .context("no memory in /proc")?;
        let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kilobytes * 1.024 / 1e3)
    }

    /// Told to end, and waited for.
    pub fn stop(mut self) -> Result<()> {
        self.end()
    }

    fn end(&mut self) -> Result<()> {
        if self.child.try_wait()?.is_none() {
            let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
            kill_process(pid.context("no process")?, Signal::TERM)?;
            self.child.wait()?;
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // After `stop` nothing is left to do; elsewhere an error is on its way already.
        let _ = self.end();
    }
}
