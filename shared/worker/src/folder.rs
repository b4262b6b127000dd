//! Private folders of jobs: fresh at the start, gone at the end, and swept after a crash.

use std::io;
use std::path::{Path, PathBuf};

use job::Claimed;
use tokio::fs;
use uuid::Uuid;

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
    remove_those_of(work_dir, |process| !is_alive(process)).await
}

/// Removes the folders of all jobs, and nothing else: where one process at a time works, and a new one may have the number of
/// one that was killed.
pub async fn clear_work_dir(work_dir: &Path) -> io::Result<()> {
    remove_those_of(work_dir, |_| true).await
}

async fn remove_those_of(work_dir: &Path, doomed: impl Fn(u32) -> bool) -> io::Result<()> {
    let mut entries = match fs::read_dir(work_dir).await {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    while let Some(entry) = entries.next_entry().await? {
        let name = entry.file_name();
        if name.to_str().and_then(owner).is_some_and(&doomed) {
            fs::remove_dir_all(entry.path()).await?;
        }
    }
    Ok(())
}

/// The process that a job's folder belongs to; none of any other folder, which is somebody else's.
fn owner(name: &str) -> Option<u32> {
    let [job, lease, process] = *name.split('.').collect::<Vec<_>>() else {
        return None;
    };
    let is_ours = [job, lease].iter().all(|id| Uuid::parse_str(id).is_ok());
    process.parse().ok().filter(|_| is_ours)
}

fn is_alive(process: u32) -> bool {
    Path::new("/proc").join(process.to_string()).exists()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const IDS: &str = "01a2058e-d7c9-7256-9456-a1e289900679.01a2058e-d7c9-7256-9456-a1e28990067a";

    #[tokio::test]
    async fn folders_of_jobs_go_when_their_process_has_and_what_is_not_ours_stays() {
        let work = tempfile::tempdir().unwrap();
        let (mine, gone) = (format!("{IDS}.{}", std::process::id()), format!("{IDS}.0"));
        let all = [mine.as_str(), &gone, "notes", "a.b.0", "x.y.z.0"];
        for name in all {
            std::fs::create_dir(work.path().join(name)).unwrap();
        }
        let left = || all.map(|name| work.path().join(name).exists());
        sweep(work.path()).await.unwrap();
        assert_eq!(left(), [true, false, true, true, true]);
        clear_work_dir(work.path()).await.unwrap();
        assert_eq!(left(), [false, false, true, true, true]);
    }
}
