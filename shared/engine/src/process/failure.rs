//! From the way a process ended to the failure it is.

use std::fs;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

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
            Self::Exited(status) => Err(died(status, program, log, memory_kills)),
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

fn died(status: ExitStatus, program: String, log: &Log, memory_kills: u64) -> EngineError {
    let last_words = log.last_words();
    let is = |signal: Signal| {
        // a shell or mpirun tells of its child's signal as 128 + signal
        let number = signal.as_raw();
        status.signal() == Some(number) || status.code() == Some(128 + number)
    };
    if log.disk_full || is(Signal::XFSZ) {
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
    match status.signal() {
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

/// Processes the kernel has killed for lack of memory since the machine started, in any container of it: next to a
/// SIGKILL that nobody here sent, an increase is proof enough. 0 where the kernel does not tell.
pub(super) fn memory_kills() -> u64 {
    let counters = fs::read_to_string("/proc/vmstat").unwrap_or_default();
    counters
        .lines()
        .find_map(|line| line.strip_prefix("oom_kill ")?.parse().ok())
        .unwrap_or(0)
}
