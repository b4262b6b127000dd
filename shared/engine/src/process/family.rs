//! The processes of one run, found in `/proc`: the group of the first one, and whoever inherited the mark in its
//! environment. `mpirun` gives its ranks groups of their own, daemons leave the session; the mark goes with them all.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

/// Name of the marking environment variable.
pub(super) const MARK: &str = "LEITO_RUN";
static RUNS: AtomicU32 = AtomicU32::new(0);

#[derive(Debug, Clone)]
pub(super) struct Family {
    mark: String,
    leader: Option<u32>,
}

impl Family {
    /// A family with a mark no other living run has: this process's id and a count.
    pub(super) fn new() -> Self {
        let run = RUNS.fetch_add(1, Ordering::Relaxed);
        // the dot keeps run 1 from being found in run 12
        Self {
            mark: format!("{MARK}={}-{run}.", std::process::id()),
            leader: None,
        }
    }

    /// `NAME=value`, as it stands in `/proc/<pid>/environ`.
    pub(super) fn mark(&self) -> &str {
        &self.mark
    }

    /// The value alone.
    pub(super) fn mark_value(&self) -> &str {
        &self.mark[MARK.len() + 1..]
    }

    /// The first process, leader of its group.
    pub(super) fn led_by(&mut self, leader: Option<u32>) {
        self.leader = leader;
    }

    /// Living members; one that ended and is not yet waited for (a zombie) is none.
    pub(super) fn members(&self) -> Vec<u32> {
        let Ok(entries) = fs::read_dir("/proc") else {
            return Vec::new();
        };
        let pids = entries
            .flatten()
            .filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        pids.filter(|pid| self.has(*pid)).collect()
    }

    fn has(&self, pid: u32) -> bool {
        let Some((state, group)) = state_and_group(pid) else {
            return false;
        };
        if matches!(state, 'Z' | 'X') {
            return false;
        }
        self.leader == Some(group) || self.marked(pid)
    }

    fn marked(&self, pid: u32) -> bool {
        let Ok(environ) = fs::read(format!("/proc/{pid}/environ")) else {
            return false;
        };
        environ
            .split(|byte| *byte == 0)
            .any(|pair| pair == self.mark.as_bytes())
    }

    /// Sends `signal` to every living member once and says how many there were.
    pub(super) fn signal(&self, signal: Signal) -> usize {
        let members = self.members();
        for pid in members
            .iter()
            .filter_map(|pid| i32::try_from(*pid).ok())
            .filter_map(Pid::from_raw)
        {
            // the only failure is one that ended by itself in between
            let _gone = kill_process(pid, signal);
        }
        members.len()
    }

    /// Kills until nobody is left; a fork in between is met by the next round.
    pub(super) async fn kill(&self) {
        // a process stuck in the kernel (state D) cannot be waited for: ten seconds of trying are enough
        for _ in 0..500 {
            if self.signal(Signal::KILL) == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        tracing::error!(members = ?self.members(), "child processes survive SIGKILL");
    }

    /// Sum of every living member's own largest resident memory so far, in bytes.
    pub(super) fn resident_bytes(&self) -> u64 {
        self.members()
            .into_iter()
            .filter_map(high_water_bytes)
            .sum()
    }
}

/// Third and fifth field of `/proc/<pid>/stat`; the second, the name, may itself hold blanks and brackets.
fn state_and_group(pid: u32) -> Option<(char, u32)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = stat.rsplit_once(") ")?.1.split(' ');
    let state = fields.next()?.chars().next()?;
    Some((state, fields.nth(1)?.parse().ok()?))
}

fn high_water_bytes(pid: u32) -> Option<u64> {
    let status =
        fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}
