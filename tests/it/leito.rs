//! `leito up` in a data folder of its own, and whatever it leaves behind.

use std::fs;
use std::future::Future;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use serde_json::Value;
use system_tests::{built, workspace};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::{Mutex, MutexGuard};
use tokio::time::{interval, timeout};

use crate::api::Api;

/// Far more than anything here takes, on a machine that does other things too.
const LIMIT: Duration = Duration::from_mins(5);
/// Engines fill the machine: one system at a time.
static MACHINE: Mutex<()> = Mutex::const_new(());

/// A data folder, and the machine for as long as this lives.
pub struct Place {
    folder: TempDir,
    _machine: MutexGuard<'static, ()>,
}

/// A running system; dropped, it is killed.
pub struct Leito {
    program: Child,
    pid: u32,
    pub api: Api,
}

impl Place {
    pub async fn new() -> Self {
        Self {
            _machine: MACHINE.lock().await,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// Starts the system and waits for its address.
    pub async fn up(&self) -> Leito {
        let program = built("leito").unwrap();
        assert!(program.exists(), "not built yet: cargo build -p leito");
        let mut program = Command::new(program)
            .args(["up", "--listen", "127.0.0.1:0", "--json"])
            .env("LEITO_DATA", self.folder.path())
            .env(
                "LEITO_EMULATOR",
                workspace().join(".leito/emulator/bin/ministack"),
            )
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut told = BufReader::new(program.stdout.take().unwrap()).lines();
        let line = within(told.next_line()).await.unwrap();
        let told: Value = serde_json::from_str(&line.expect("the system starts")).unwrap();
        Leito {
            pid: program.id().unwrap(),
            program,
            api: Api::at(
                told["address"].as_str().unwrap(),
                &fs::read_to_string(told["api_key_file"].as_str().unwrap()).unwrap(),
            ),
        }
    }

    /// Starts the command that prints what happens to jobs.
    pub fn watch(&self, jobs: &[&str]) -> Child {
        Command::new(built("leito").unwrap())
            .args(["job", "watch", "--json"])
            .args(jobs)
            .env("LEITO_DATA", self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap()
    }

    /// Every living process that works in this folder or names it: servers, engines, ourselves not.
    pub fn processes(&self) -> Vec<String> {
        let folder = self.folder.path();
        processes(|process| {
            let named = |file: &str| {
                let text = fs::read(process.join(file)).unwrap_or_default();
                String::from_utf8_lossy(&text).contains(folder.to_str().unwrap())
            };
            let works_here = fs::read_link(process.join("cwd"));
            named("cmdline")
                || named("environ")
                || works_here.is_ok_and(|at| at.starts_with(folder))
        })
    }

    /// Waits until nothing of the system is left.
    pub async fn nothing_runs(&self) {
        until(|| self.processes().is_empty())
            .await
            .unwrap_or_else(|()| panic!("these are left: {:#?}", self.processes()));
    }
}

impl Leito {
    /// Ends it as a power cut would, with no time for anything.
    pub async fn kill(mut self) -> Killed {
        self.program.kill().await.unwrap();
        Killed { pid: self.pid }
    }

    /// Asks it to end, and waits until it has.
    pub async fn stop(mut self) -> ExitStatus {
        let pid = self.pid.to_string();
        let asked = Command::new("kill").args(["-s", "TERM", &pid]).status();
        assert!(asked.await.unwrap().success());
        within(self.program.wait()).await.unwrap()
    }

    /// Waits until it runs an engine: a stage is several programs, and none runs between two of them.
    pub async fn an_engine_runs(&self) {
        until(|| !engines(self.pid).is_empty())
            .await
            .expect("an engine is at work");
    }

    /// Waits until it runs no engine.
    pub async fn no_engine_runs(&self) {
        no_engine_runs(self.pid).await;
    }
}

/// A system that was killed.
pub struct Killed {
    pid: u32,
}

impl Killed {
    /// Waits until none of its engines is left.
    pub async fn no_engine_runs(&self) {
        no_engine_runs(self.pid).await;
    }
}

/// Waits, but not for ever.
pub async fn within<T>(what: impl Future<Output = T>) -> T {
    timeout(LIMIT, what).await.expect("this ends in time")
}

async fn no_engine_runs(pid: u32) {
    until(|| engines(pid).is_empty())
        .await
        .unwrap_or_else(|()| panic!("these engines are left: {:#?}", engines(pid)));
}

/// Engines inherit a mark with the process id of the system that started them.
fn engines(pid: u32) -> Vec<String> {
    let mark = format!("LEITO_RUN={pid}-");
    processes(|process| {
        let environ = fs::read(process.join("environ")).unwrap_or_default();
        let mut variables = environ.split(|byte| *byte == 0);
        variables.any(|variable| variable.starts_with(mark.as_bytes()))
    })
}

/// Name and number of the processes that are meant.
fn processes(is_meant: impl Fn(&Path) -> bool) -> Vec<String> {
    let all = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let meant = all.map(|entry| entry.path()).filter(|path| is_meant(path));
    meant
        .filter_map(|path| {
            let name = fs::read_to_string(path.join("comm")).ok()?;
            Some(format!("{} {}", name.trim(), path.display()))
        })
        .collect()
}

async fn until(is_so: impl Fn() -> bool) -> Result<(), ()> {
    let looking = async {
        let mut looks = interval(Duration::from_millis(20));
        while !is_so() {
            looks.tick().await;
        }
    };
    timeout(Duration::from_mins(1), looking).await.map_err(drop)
}
