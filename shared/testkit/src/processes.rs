//! Other processes of this machine, as tests look for them and end them.

use std::fs;
use std::path::Path;
use std::process::Command;

/// A living process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// Its id.
    pub pid: String,
    /// What the kernel calls it: the first 15 letters of its program's name.
    pub name: String,
}

impl Process {
    /// Sends it a signal, such as `KILL`.
    ///
    /// # Panics
    /// When it is gone.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.pid]).status();
        assert!(sent.is_ok_and(|status| status.success()), "{self:?}");
    }
}

/// The living processes that work in `folder` or below: engines do so as long as they run.
///
/// # Panics
/// Where there is no `/proc`.
pub fn processes_in(folder: &Path) -> Vec<Process> {
    let all = fs::read_dir("/proc").expect("this is Linux");
    all.flatten()
        .filter(|entry| {
            // a zombie works nowhere
            fs::read_link(entry.path().join("cwd")).is_ok_and(|at| at.starts_with(folder))
        })
        .filter_map(|entry| {
            Some(Process {
                pid: entry.file_name().into_string().ok()?,
                name: fs::read_to_string(entry.path().join("comm"))
                    .ok()?
                    .trim()
                    .to_owned(),
            })
        })
        .collect()
}
