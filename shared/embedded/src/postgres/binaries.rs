//! Finding the machine's Postgres: Debian keeps its programs outside PATH, one folder a version.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Error;

const DEBIAN: &str = "/usr/lib/postgresql";

/// The folder with `initdb` and `postgres`: the newest of Debian's, else what `pg_config` names.
pub(super) fn find() -> Result<PathBuf, Error> {
    newest(Path::new(DEBIAN))
        .or_else(configured)
        .ok_or(Error::NoPostgres)
}

/// One of Postgres's programs, such as `pg_dump`, of the version that would run here.
pub fn program(name: &str) -> Result<PathBuf, Error> {
    Some(find()?.join(name))
        .filter(|program| program.exists())
        .ok_or(Error::NoPostgres)
}

fn newest(versions: &Path) -> Option<PathBuf> {
    fs::read_dir(versions)
        .ok()?
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version: u32 = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, folder)| is_complete(folder))
        .max()
        .map(|(_, folder)| folder)
}

fn configured() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    let folder = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    is_complete(&folder).then_some(folder)
}

fn is_complete(folder: &Path) -> bool {
    folder.join("initdb").exists() && folder.join("postgres").exists()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_newest_complete_version_wins() {
        let versions = tempfile::tempdir().unwrap();
        for (version, programs) in [("9", 2), ("15", 2), ("16", 1), ("common", 2)] {
            let folder = versions.path().join(version).join("bin");
            fs::create_dir_all(&folder).unwrap();
            for program in ["initdb", "postgres"].into_iter().take(programs) {
                fs::write(folder.join(program), "").unwrap();
            }
        }
        assert_eq!(
            newest(versions.path()),
            Some(versions.path().join("15/bin"))
        );
    }
}
