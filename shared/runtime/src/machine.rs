//! What the machine that runs the engines has: planning refuses a study that would not fit it.

use std::fs;
use std::thread;

/// Cores and memory that an engine may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Machine {
    /// Processor cores.
    pub cores: u32,
    /// Memory, in MiB.
    pub memory_mb: u64,
}

/// Assumed where the kernel does not tell.
const FALLBACK: Machine = Machine {
    cores: 1,
    memory_mb: 2048,
};

impl Machine {
    /// The container that the cloud's workers are given. A Lambda function plans for it, not for its own few megabytes.
    pub const CLOUD_WORKER: Self = Self {
        cores: 8,
        memory_mb: 32 * 1024,
    };

    /// The machine this process runs on.
    pub fn detect() -> Self {
        let cores = thread::available_parallelism()
            .ok()
            .and_then(|cores| u32::try_from(cores.get()).ok());
        let memory_mb = fs::read_to_string("/proc/meminfo")
            .ok()
            .and_then(|text| total_memory_mb(&text));
        Self {
            cores: cores.unwrap_or(FALLBACK.cores),
            memory_mb: memory_mb.unwrap_or(FALLBACK.memory_mb),
        }
    }
}

/// Reads the `MemTotal` line of `/proc/meminfo`, which counts in KiB.
fn total_memory_mb(meminfo: &str) -> Option<u64> {
    let line = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))?;
    line.split_whitespace()
        .next()?
        .parse::<u64>()
        .ok()
        .map(|kib| kib / 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_total_is_read_in_mebibytes() {
        assert_eq!(
            total_memory_mb("MemTotal:       24576000 kB\nMemFree: 1 kB\n"),
            Some(24_000)
        );
        assert_eq!(total_memory_mb("nothing of the kind"), None);
    }

    #[test]
    fn every_machine_has_a_core_and_some_memory() {
        let machine = Machine::detect();
        assert!(machine.cores >= 1 && machine.memory_mb >= 64, "{machine:?}");
    }
}
