//! The operating system's user that runs the server: us, or an unprivileged one when we are root, which Postgres
//! refuses to be.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::process::Command;

use crate::Error;

/// Preferred first; the second is on every system.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];
/// Lets the server reach a data folder below a private home, and read what lies on the way; nothing else.
const REACH: [&str; 2] = [
    "--inh-caps=+dac_read_search",
    "--ambient-caps=+dac_read_search",
];

/// Who we are and who the server is to be.
#[derive(Debug)]
pub(super) struct Owner {
    /// Our own name.
    pub our_name: String,
    other: Option<Other>,
}

#[derive(Debug)]
struct Other {
    uid: u32,
    gid: u32,
}

impl Owner {
    pub fn find() -> Result<Self, Error> {
        let our_name = id(&["-un"]).ok_or(Error::NoUser)?;
        let other = if rustix::process::geteuid().is_root() {
            Some(
                UNPRIVILEGED
                    .iter()
                    .find_map(|name| Other::named(name))
                    .ok_or(Error::NoUser)?,
            )
        } else {
            None
        };
        Ok(Self { our_name, other })
    }

    /// Makes the folder private to the server's user.
    pub fn make_folder(&self, folder: &Path) -> Result<(), Error> {
        fs::create_dir_all(folder).map_err(Error::folder(folder))?;
        fs::set_permissions(folder, Permissions::from_mode(0o700))
            .map_err(Error::folder(folder))?;
        match &self.other {
            Some(other) => {
                chown(folder, Some(other.uid), Some(other.gid)).map_err(Error::folder(folder))
            }
            None => Ok(()),
        }
    }

    /// The beginning of a command line that runs the rest as the server's user, and ends it with its parent.
    pub fn run_as(&self, folder: &Path) -> Vec<String> {
        let mut line = vec![
            "setpriv".to_owned(),
            "--pdeathsig".to_owned(),
            "INT".to_owned(),
        ];
        if let Some(other) = &self.other {
            line.extend(other.switch());
            if !other.reaches(folder) {
                line.extend(REACH.map(str::to_owned));
            }
        }
        line.push("--".to_owned());
        line
    }
}

impl Other {
    fn named(name: &str) -> Option<Self> {
        let uid = id(&["-u", name])?.parse().ok()?;
        let gid = id(&["-g", name])?.parse().ok()?;
        Some(Self { uid, gid })
    }

    fn switch(&self) -> [String; 3] {
        [
            format!("--reuid={}", self.uid),
            format!("--regid={}", self.gid),
            "--clear-groups".to_owned(),
        ]
    }

    fn reaches(&self, folder: &Path) -> bool {
        let status = Command::new("setpriv")
            .args(self.switch())
            .args(["test", "-x"])
            .arg(folder)
            .status();
        status.is_ok_and(|status| status.success())
    }
}

fn id(arguments: &[&str]) -> Option<String> {
    let output = Command::new("id").args(arguments).output().ok()?;
    let word = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !word.is_empty()).then_some(word)
}
