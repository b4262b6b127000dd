//! The one runner of child processes: clean environment, limits, log, cancelling, and nothing left behind.
//! Knows nothing of any engine.

mod failure;
mod family;
mod guardian;
mod log;
mod memory;
mod run;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use rustix::fs::{Access, access};
use tokio::net::unix::pipe::Receiver;
use tokio::process::Child;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use self::failure::Ending;
use self::family::Family;
use self::guardian::Guardian;
use self::log::Log;
use self::memory::Watch;
use self::run::{Output, Run};
use crate::EngineError;

/// Where programs are looked for, and `PATH` of the children.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// What a process may take.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Longest run.
    pub total: Duration,
    /// Longest time without a byte of output.
    pub silence: Duration,
    /// Time between the request to end (TERM) and KILL.
    pub grace: Duration,
    /// Size of any one file it writes.
    pub file_bytes: u64,
    /// Address space of each process; `None`: only the machine's memory bounds it.
    pub address_space_bytes: Option<u64>,
    /// Size of its log; the rest is heard but not kept.
    pub log_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            total: Duration::from_hours(6),
            silence: Duration::from_mins(10),
            grace: Duration::from_secs(5),
            file_bytes: 20_000_000_000,
            address_space_bytes: None,
            log_bytes: 50_000_000,
        }
    }
}

/// What a run took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// Wall time.
    pub seconds: f64,
    /// Largest sum, over all processes alive at one look, of each one's own largest resident memory so far, in MB
    /// (10⁶ bytes). Looks are up to a second apart; pages shared by processes count once for each.
    pub peak_memory_mb: f64,
}

/// One program to run in a folder. Its environment is empty but for `PATH`, `HOME` and `TMPDIR` (the folder),
/// `LANG`, a mark that finds its descendants, and what [`Command::env`] adds.
#[derive(Debug, Clone)]
pub struct Command {
    name: String,
    program: PathBuf,
    args: Vec<OsString>,
    dir: PathBuf,
    env: BTreeMap<String, OsString>,
    limits: Limits,
}

impl Command {
    /// `program` (a name, or a path) in the existing folder `dir`, logged to `log.<name>` there.
    pub fn new(
        name: impl Into<String>,
        program: impl Into<PathBuf>,
        dir: impl Into<PathBuf>,
    ) -> Self {
        let (args, env, limits) = (Vec::new(), BTreeMap::new(), Limits::default());
        Self {
            name: name.into(),
            program: program.into(),
            args,
            dir: dir.into(),
            env,
            limits,
        }
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, arg: impl Into<OsString>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<A: Into<OsString>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Sets an environment variable. Never a credential: engines need none.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.env.insert(name.to_owned(), value.into());
        self
    }

    /// Replaces the limits.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Runs to the end; `Ok` means exit code 0. Every line of standard output and standard error goes to `listener`.
    /// When this returns no process of the run is alive, descendants included; that also holds soon after the future
    /// is dropped or this process is killed.
    pub async fn run(
        &self,
        cancel: &CancellationToken,
        mut listener: impl FnMut(&str) + Send,
    ) -> Result<Outcome, EngineError> {
        if cancel.is_cancelled() {
            return Err(EngineError::Cancelled);
        }
        let program = find(&self.program)?;
        let limiter = find(Path::new("prlimit"))?;
        let (started, memory_kills) = (Instant::now(), failure::memory_kills());
        let log_path = self.dir.join(format!("log.{}", self.name));
        let log = Log::create(&log_path, self.limits.log_bytes)
            .map_err(EngineError::io(log_path.to_string_lossy()))?;

        let mut family = Family::new();
        let unable = format!("cannot start {}", self.program.display());
        let guardian = Guardian::start(&family).map_err(EngineError::io(&unable))?;
        let (child, output) = self
            .spawn(&limiter, &program, &family)
            .map_err(EngineError::io(&unable))?;
        family.led_by(child.id());
        let watch = Watch::start(family.clone());

        let mut run = Run {
            child,
            output,
            log,
            family,
            listener: &mut listener,
        };
        let ending = run.follow(&self.limits, started, cancel).await;
        if !matches!(ending, Ending::Exited(_)) {
            run.terminate(self.limits.grace).await;
        }
        run.finish().await;
        guardian.dismiss().await;
        ending.judge(
            self,
            &run.log,
            failure::memory_kills().saturating_sub(memory_kills),
        )?;
        Ok(Outcome {
            seconds: started.elapsed().as_secs_f64(),
            peak_memory_mb: watch.peak_mb(),
        })
    }

    fn spawn(
        &self,
        limiter: &Path,
        program: &Path,
        family: &Family,
    ) -> io::Result<(Child, Output)> {
        let (output, input) = io::pipe()?;
        let output = Output::new(Receiver::from_owned_fd(OwnedFd::from(output))?);
        let mut command = tokio::process::Command::new(limiter);
        command
            .arg("--core=0")
            .arg(format!("--fsize={}", self.limits.file_bytes));
        if let Some(bytes) = self.limits.address_space_bytes {
            command.arg(format!("--as={bytes}"));
        }
        command
            .arg("--")
            .arg(program)
            .args(&self.args)
            .current_dir(&self.dir)
            .env_clear();
        command
            .env("PATH", PATH)
            .env("HOME", &self.dir)
            .env("TMPDIR", &self.dir)
            .env("LANG", "C.UTF-8");
        command
            .envs(&self.env)
            .env(family::MARK, family.mark_value());
        command.process_group(0).kill_on_drop(true);
        command
            .stdin(Stdio::null())
            .stdout(input.try_clone()?)
            .stderr(input);
        Ok((command.spawn()?, output))
    }
}

/// The program's path: a name is looked for in `PATH`.
fn find(program: &Path) -> Result<PathBuf, EngineError> {
    let candidates: Vec<PathBuf> = if program.components().count() > 1 {
        vec![program.to_owned()]
    } else {
        PATH.split(':')
            .map(|dir| Path::new(dir).join(program))
            .collect()
    };
    let found = candidates
        .into_iter()
        .find(|path| path.is_file() && access(path, Access::EXEC_OK).is_ok());
    found.ok_or_else(|| EngineError::NotInstalled {
        program: program.display().to_string(),
    })
}
