//! Starting the program in a folder of its own, and looking at what it leaves behind.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

/// A current folder with the program's data folder in it.
pub struct Place {
    folder: TempDir,
}

impl Place {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file into the folder.
    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).unwrap();
    }

    /// The program with these arguments, not started.
    pub fn leito(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_leito"));
        command
            .args(arguments)
            .current_dir(self.path())
            .env("LEITO_DATA", "data")
            .env("LEITO_EMULATOR", emulator())
            .stdin(Stdio::null());
        command
    }

    /// Runs it to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.leito(arguments).output().unwrap()
    }

    /// Processes that name this folder: what a stopped system must not leave.
    pub fn processes(&self) -> Vec<String> {
        let folder = self.path().to_str().unwrap();
        let all = std::fs::read_dir("/proc").unwrap().filter_map(Result::ok);
        let commands = all.filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok());
        let commands = commands.map(|line| String::from_utf8_lossy(&line).replace('\0', " "));
        commands.filter(|line| line.contains(folder)).collect()
    }
}

/// Sends a signal by name.
pub fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill")
        .args(["-s", name, &child.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
}

/// What a program wrote on standard error.
pub fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn emulator() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../.leito/emulator/bin/ministack")
}
