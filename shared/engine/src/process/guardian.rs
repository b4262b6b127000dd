//! A tiny shell that outlives this process if it is killed with SIGKILL, and then kills what it left behind.
//!
//! `PR_SET_PDEATHSIG` (`setpriv --pdeathsig`) would not do: it fires when the *thread* that forked ends, which on a
//! pool of threads may be long before the process does, and it reaches the direct child only, not the ranks of an
//! `mpirun`. The guardian holds the read end of a pipe instead: the kernel closes our end however we die.

use std::io;
use std::process::Stdio;

use tokio::io::AsyncWriteExt;
use tokio::process::{Child, ChildStdin, Command};

use super::family::Family;

/// Dropping it undismissed has the family killed.
pub(super) struct Guardian {
    shell: Child,
    line: ChildStdin,
}

impl Guardian {
    /// Starts before the family's first process, so that there is no moment without a guardian.
    pub(super) fn start(family: &Family) -> io::Result<Self> {
        let mut shell = Command::new("/bin/sh")
            .args([
                "-c",
                include_str!("guardian.sh"),
                "leito-guardian",
                family.mark(),
            ])
            .env_clear()
            .env("PATH", super::PATH)
            .current_dir("/")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let line = shell
            .stdin
            .take()
            .ok_or_else(|| io::Error::other("the guardian has no standard input"))?;
        Ok(Self { shell, line })
    }

    /// All is over: lets the guardian go. An unreachable guardian is no reason to fail a finished run.
    pub(super) async fn dismiss(mut self) {
        let told = self.line.write_all(b"over\n").await;
        drop(self.line);
        if let Err(error) = told.and(self.shell.wait().await.map(|_| ())) {
            tracing::warn!(%error, "the guardian of a child process was gone before its time");
        }
    }
}
