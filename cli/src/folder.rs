//! The data folder: one system at a time may use it, and a second command finds that one here.

use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

/// Where Postgres, the emulator and the workers keep what they must not forget.
#[derive(Clone, Debug)]
pub struct DataFolder {
    root: PathBuf,
}

/// The right to use a data folder, given up when dropped.
#[derive(Debug)]
pub struct Held {
    announcement: PathBuf,
    _lock: File,
}

/// What a running system says of itself in `run.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// Where it listens: `http://127.0.0.1:8080`.
    pub address: String,
    /// Its process id.
    pub pid: u32,
    /// How programs of this user reach its database, through a socket and without a password.
    pub database_url: Option<String>,
    /// Where its S3 and SQS are.
    pub endpoint_url: Option<String>,
}

impl DataFolder {
    /// Makes the folder unless it is there.
    pub fn open(root: &Path) -> Result<Self> {
        fs::create_dir_all(root)
            .with_context(|| format!("cannot make the data folder {}", root.display()))?;
        let root =
            fs::canonicalize(root).with_context(|| format!("cannot open {}", root.display()))?;
        Ok(Self { root })
    }

    /// The folder itself, as an absolute path.
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// Takes the folder for this process; an error names the process that has it.
    pub fn hold(&self) -> Result<Held> {
        let Some(lock) = self.try_lock()? else {
            match self.announced()? {
                Some(other) => bail!(
                    "{} is in use by process {}, which listens on {}",
                    self.root.display(),
                    other.pid,
                    other.address
                ),
                None => bail!(
                    "{} is in use by another leito that is just starting",
                    self.root.display()
                ),
            }
        };
        let announcement = self.announcement();
        remove(&announcement)?; // left by one that was killed
        Ok(Held {
            announcement,
            _lock: lock,
        })
    }

    /// Where the key of this machine's own account lies.
    pub fn key_file(&self) -> PathBuf {
        self.root.join("api-key")
    }

    /// The key of this machine's own account, which a running system left here.
    pub fn key(&self) -> Result<String> {
        let file = self.key_file();
        let key =
            fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        Ok(key.trim().to_owned())
    }

    /// The system that uses this folder now, if there is one and it is ready.
    pub fn running(&self) -> Result<Option<Running>> {
        match self.try_lock()? {
            Some(_free) => Ok(None),
            None => self.announced(),
        }
    }

    fn try_lock(&self) -> Result<Option<File>> {
        let path = self.root.join("lock");
        let file =
            File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error).context("cannot lock the data folder"),
        }
    }

    fn announced(&self) -> Result<Option<Running>> {
        match fs::read(self.announcement()) {
            Ok(text) => Ok(serde_json::from_slice(&text).ok()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).context("cannot read run.json"),
        }
    }

    fn announcement(&self) -> PathBuf {
        self.root.join("run.json")
    }
}

impl Held {
    /// Tells other commands where this system listens.
    pub fn announce(&self, running: &Running) -> Result<()> {
        let unfinished = self.announcement.with_extension("json.new");
        fs::write(&unfinished, serde_json::to_vec_pretty(running)?)
            .and_then(|()| fs::rename(&unfinished, &self.announcement))
            .context("cannot write run.json")
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // whoever reads a stale one still finds the lock free
        let _ = fs::remove_file(&self.announcement);
    }
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, DataFolder) {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(&dir.path().join("data")).unwrap();
        (dir, folder)
    }

    fn running() -> Running {
        Running {
            address: "http://127.0.0.1:8080".to_owned(),
            pid: 42,
            database_url: None,
            endpoint_url: None,
        }
    }

    #[test]
    fn a_second_system_on_the_same_folder_is_refused_by_name() {
        let (_dir, folder) = folder();
        let held = folder.hold().unwrap();
        held.announce(&running()).unwrap();
        let refusal = folder.hold().unwrap_err().to_string();
        assert!(refusal.contains("process 42"), "{refusal}");
        assert!(refusal.contains("127.0.0.1:8080"), "{refusal}");
    }

    #[test]
    fn a_running_system_is_found_and_a_stopped_one_is_not() {
        let (_dir, folder) = folder();
        assert_eq!(folder.running().unwrap(), None);
        let held = folder.hold().unwrap();
        assert_eq!(folder.running().unwrap(), None, "still starting");
        held.announce(&running()).unwrap();
        assert_eq!(folder.running().unwrap(), Some(running()));
        drop(held);
        assert_eq!(folder.running().unwrap(), None);
    }

    #[test]
    fn what_a_killed_system_left_behind_is_not_taken_for_a_running_one() {
        let (_dir, folder) = folder();
        fs::write(
            folder.path().join("run.json"),
            serde_json::to_vec(&running()).unwrap(),
        )
        .unwrap();
        assert_eq!(folder.running().unwrap(), None);
        let _held = folder.hold().unwrap();
        assert_eq!(folder.running().unwrap(), None);
    }
}
