//! Containers as a careful host starts them.

use std::process::{Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::process::Command;

use crate::leito::within;

/// Nothing to write to but a temporary folder, no right of the system's owner, the network of this machine.
const LOCKED_UP: [&str; 6] = [
    "--read-only",
    "--cap-drop=all",
    "--security-opt=no-new-privileges",
    "--network=host",
    "--pull=never",
    "--rm",
];

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A running container; dropped, it is removed.
pub struct Container {
    name: String,
    podman: tokio::process::Child,
}

/// How a container ended.
pub struct Ended {
    pub code: Option<i32>,
    /// What it said on standard output and standard error.
    pub said: String,
}

/// Runs the image's program to its end.
pub async fn run(image: &str, variables: &[(String, String)], arguments: &[&str]) -> Ended {
    let output = podman(&name(), image, variables, arguments).output();
    ended(&within(output).await.unwrap())
}

impl Container {
    /// Starts the image's program.
    pub fn start(image: &str, variables: &[(String, String)], arguments: &[&str]) -> Self {
        let name = name();
        let mut podman = podman(&name, image, variables, arguments);
        podman.stdout(Stdio::piped()).stderr(Stdio::piped());
        Self {
            podman: podman.spawn().unwrap(),
            name,
        }
    }

    /// Asks it to end, as a host does: SIGTERM to its first process, two minutes of patience.
    pub async fn stop(mut self) -> Ended {
        let asked = command(&["stop", "--time=120", &self.name]).output();
        let asked = within(asked).await.unwrap();
        assert!(asked.status.success(), "{}", ended(&asked).said);
        let podman = self.podman.wait();
        let status = within(podman).await.unwrap();
        Ended {
            code: status.code(),
            said: self.said().await,
        }
    }

    async fn said(&mut self) -> String {
        use tokio::io::AsyncReadExt;
        let mut said = String::new();
        if let Some(mut stdout) = self.podman.stdout.take() {
            stdout.read_to_string(&mut said).await.unwrap();
        }
        if let Some(mut stderr) = self.podman.stderr.take() {
            stderr.read_to_string(&mut said).await.unwrap();
        }
        said
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        // Gone already where it was stopped.
        let _ = std::process::Command::new("podman")
            .args(["rm", "--force", "--ignore", "--time=0", &self.name])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
    }
}

fn podman(name: &str, image: &str, variables: &[(String, String)], arguments: &[&str]) -> Command {
    let mut podman = command(&["run", "--name", name]);
    podman.args(LOCKED_UP);
    for (variable, value) in variables {
        podman.arg("--env").arg(format!("{variable}={value}"));
    }
    podman.arg(image).args(arguments);
    podman
}

fn command(arguments: &[&str]) -> Command {
    let mut podman = Command::new("podman");
    podman.args(arguments).stdin(Stdio::null());
    podman
}

fn name() -> String {
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("leito-test-{}-{number}", std::process::id())
}

fn ended(output: &Output) -> Ended {
    let said = [&output.stdout[..], &output.stderr[..]].concat();
    Ended {
        code: output.status.code(),
        said: String::from_utf8_lossy(&said).into_owned(),
    }
}
