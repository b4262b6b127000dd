//! From the way a process ended to the failure it is.

use std::fs;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::ExitStatus;

use rustix::fs::statvfs;
use rustix::process::Signal;

use super::{Command, log::Log};
use crate::EngineError;

/// Why the runner stopped following a process.
pub(super) enum Ending {
    Exited(ExitStatus),
    TimedOut,
    Silent,
    Cancelled,
    /// The log could not be read or written.
    Log(io::Error),
}

impl Ending {
    /// `Ok` for exit code 0 alone. `memory_kills` counts the kernel's kills for lack of memory during the run.
    pub(super) fn judge(
        self,
        command: &Command,
        log: &Log,
        memory_kills: u64,
    ) -> Result<(), EngineError> {
        let (program, last_words) = (command.name.clone(), log.last_words());
        match self {
            Self::Exited(status) if status.success() => Ok(()),
            Self::Exited(status) => {
                let disk_full = log.disk_full || is_full(&command.dir);
                Err(died(status, program, log, disk_full, memory_kills))
            }
            Self::TimedOut => Err(EngineError::TimedOut {
                program,
                seconds: command.limits.total.as_secs_f64(),
                last_words,
            }),
            Self::Silent => Err(EngineError::Silent {
                program,
                seconds: command.limits.silence.as_secs_f64(),
                last_words,
            }),
            Self::Cancelled => Err(EngineError::Cancelled),
            Self::Log(source) => Err(EngineError::io(format!("log.{program}"))(source)),
        }
    }
}

fn died(
    status: ExitStatus,
    program: String,
    log: &Log,
    disk_full: bool,
    memory_kills: u64,
) -> EngineError {
    let last_words = log.last_words();
    let signal = signal_of(status);
    let is = |one: Signal| signal == Some(one.as_raw());
    if disk_full || is(Signal::XFSZ) {
        return EngineError::DiskFull {
            program,
            last_words,
        };
    }
    if log.out_of_memory || (is(Signal::KILL) && memory_kills > 0) {
        return EngineError::OutOfMemory {
            program,
            last_words,
        };
    }
    match signal {
        Some(signal) if signal == Signal::FPE.as_raw() => EngineError::Diverged {
            program,
            last_words,
        },
        Some(signal) => EngineError::Killed {
            program,
            signal,
            last_words,
        },
        None => EngineError::Exited {
            program,
            code: status.code().unwrap_or(-1),
            last_words,
        },
    }
}

/// Whether the folder's disk has no room to speak of: OpenFOAM tells that it could not write, and not why.
fn is_full(dir: &Path) -> bool {
    // a file for which this was too little may be gone again, or a smaller one still fit
    const TOO_LITTLE_BYTES: u64 = 1_000_000;
    statvfs(dir).is_ok_and(|disk| disk.f_bavail.saturating_mul(disk.f_frsize) < TOO_LITTLE_BYTES)
}

/// The signal that ended the program. A shell tells of its child's, and `mpirun` of a rank's, as 128 + signal.
fn signal_of(status: ExitStatus) -> Option<i32> {
    const SIGNALS: std::ops::RangeInclusive<i32> = 1..=64;
    let told = || {
        let signal = status.code()? - 128;
        SIGNALS.contains(&signal).then_some(signal)
    };
    status.signal().or_else(told)
}

/// Processes the kernel has killed for lack of memory since the machine started, in any container of it: next to a
/// SIGKILL that nobody here sent, an increase is proof enough. 0 where the kernel does not tell.
pub(super) fn memory_kills() -> u64 {
    let counters = fs::read_to_string("/proc/vmstat").unwrap_or_default();
    counters
        .lines()
        .find_map(|line| line.strip_prefix("oom_kill ")?.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    /// What a program is said to have died of that ended with this exit code after these words.
    fn code_of(exit_code: i32, words: &str, memory_kills: u64) -> &'static str {
        let dir = tempfile::tempdir().unwrap();
        let mut log = Log::create(&dir.path().join("log"), 1000).unwrap();
        log.take(words.as_bytes(), &mut |_: &str| ()).unwrap();
        let status = ExitStatus::from_raw(exit_code << 8);
        died(
            status,
            "mpirun".to_owned(),
            &log,
            log.disk_full,
            memory_kills,
        )
        .code()
    }

    #[test]
    fn the_death_of_a_rank_is_read_from_the_exit_code_of_mpirun() {
        assert_eq!(code_of(137, "", 0), "killed");
        assert_eq!(code_of(143, "", 0), "killed");
        assert_eq!(code_of(136, "", 0), "diverged");
        assert_eq!(code_of(153, "", 0), "disk_full");
        assert_eq!(code_of(1, "FOAM FATAL ERROR\n", 0), "exited");
        assert_eq!(code_of(255, "", 0), "exited");
    }

    #[test]
    fn a_rank_that_the_kernel_killed_for_lack_of_memory_ran_out_of_memory() {
        assert_eq!(code_of(137, "", 1), "out_of_memory");
        assert_eq!(code_of(134, "std::bad_alloc\n", 0), "out_of_memory");
        assert_eq!(code_of(143, "", 1), "killed");
    }
}
