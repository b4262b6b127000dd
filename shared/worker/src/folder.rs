//! Private folders of jobs: fresh at the start, gone at the end, and swept after a crash.

use std::io;
use std::path::{Path, PathBuf};

use job::Claimed;
use tokio::fs;

/// A job's folder. Dropping it leaves it to the next sweep; [`Folder::remove`] removes it now.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// `<work folder>/<job>.<lease token>.<process>`: nobody else's, and its owner can be told.
    pub async fn make(work_dir: &Path, claimed: &Claimed) -> io::Result<Self> {
        let name = format!(
            "{}.{}.{}",
            claimed.job.id,
            claimed.lease.token,
            std::process::id()
        );
        let path = work_dir.join(name);
        // Other users of the machine neither read it nor made it before us.
        let mut private = fs::DirBuilder::new();
        private.mode(0o700);
        match private.create(&path).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                fs::create_dir_all(work_dir).await?;
                private.create(&path).await?;
            }
            made => made?,
        }
        Ok(Self(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub async fn remove(self) {
        if let Err(error) = fs::remove_dir_all(&self.0).await {
            tracing::warn!(%error, "cannot remove {}, left to the next start", self.0.display());
        }
    }
}

/// Removes the folders of processes that are gone.
pub(crate) async fn sweep(work_dir: &Path) -> io::Result<()> {
    let mut entries = match fs::read_dir(work_dir).await {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    while let Some(entry) = entries.next_entry().await? {
        let name = entry.file_name();
        if name
            .to_str()
            .and_then(owner)
            .is_some_and(|process| !is_alive(process))
        {
            fs::remove_dir_all(entry.path()).await?;
        }
    }
    Ok(())
}

fn owner(name: &str) -> Option<u32> {
    let mut parts = name.rsplitn(3, '.');
    let process = parts.next()?.parse().ok();
    parts.nth(1).and(process)
}

fn is_alive(process: u32) -> bool {
    Path::new("/proc").join(process.to_string()).exists()
}
