//! The process runner, tried with small shells.

mod endings;
mod limits;
mod nothing_left;
mod output;

use std::path::Path;
use std::time::Duration;

use engine::process::{Command, Limits};

/// `/bin/sh -c script` in `dir`.
fn shell(dir: &Path, script: &str) -> Command {
    Command::new("shell", "/bin/sh", dir).args(["-c", script])
}

fn limits(change: impl FnOnce(&mut Limits)) -> Limits {
    let mut limits = Limits {
        grace: Duration::from_millis(200),
        ..Limits::default()
    };
    change(&mut limits);
    limits
}

/// Whether the process runs; a zombie does not.
fn is_alive(pid: u32) -> bool {
    let Ok(stat) = std::fs::read_to_string(format!("/proc/{pid}/stat")) else {
        return false;
    };
    let state = stat
        .rsplit_once(") ")
        .map(|(_, rest)| rest.starts_with(['Z', 'X']));
    state == Some(false)
}
