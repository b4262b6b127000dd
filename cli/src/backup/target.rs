//! Where backups lie: a folder, or a bucket under a prefix.

use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, Result};
use objects::Objects;
use tokio::fs;

/// Where the contents of objects lie, those of all backups in the place.
pub(super) const OBJECTS: &str = "objects";

/// A place for backups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A folder.
    Folder(PathBuf),
    /// A bucket and what all names in it begin with, reached through the standard AWS variables.
    Bucket(String, String),
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Some(rest) = text.strip_prefix("s3://") else {
            if text.contains("://") {
                return Err(format!(
                    "`{text}` is neither a folder nor s3://bucket/prefix"
                ));
            }
            return Ok(Self::Folder(PathBuf::from(text)));
        };
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if bucket.is_empty() {
            return Err(format!("`{text}` names no bucket"));
        }
        Ok(Self::Bucket(
            bucket.to_owned(),
            prefix.trim_matches('/').to_owned(),
        ))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => folder.display().fmt(f),
            Self::Bucket(bucket, prefix) => write!(f, "s3://{bucket}/{prefix}"),
        }
    }
}

impl Target {
    /// Whether there is something of that name and size.
    pub async fn has(&self, name: &str, bytes: u64) -> Result<bool> {
        match self {
            Self::Folder(folder) => {
                let found = fs::metadata(folder.join(name)).await;
                Ok(found.is_ok_and(|found| found.len() == bytes))
            }
            Self::Bucket(bucket, prefix) => {
                let found = objects(bucket).await.head(&key(prefix, name)).await?;
                Ok(found.is_some_and(|found| found.bytes == bytes))
            }
        }
    }

    /// Whether there is something of that name.
    pub async fn exists(&self, name: &str) -> Result<bool> {
        match self {
            Self::Folder(folder) => Ok(fs::try_exists(folder.join(name)).await?),
            Self::Bucket(bucket, prefix) => {
                let found = objects(bucket).await.head(&key(prefix, name)).await?;
                Ok(found.is_some())
            }
        }
    }

    /// The folders in it.
    pub async fn folders(&self) -> Result<Vec<String>> {
        match self {
            Self::Folder(folder) => entries(folder, true).await,
            Self::Bucket(bucket, prefix) => {
                Ok(objects(bucket).await.folders(&key(prefix, "")).await?)
            }
        }
    }

    /// The names of all stored objects.
    pub async fn objects(&self) -> Result<Vec<String>> {
        let mut names = Vec::new();
        match self {
            Self::Folder(folder) => {
                for part in entries(&folder.join(OBJECTS), true).await? {
                    let part = format!("{OBJECTS}/{part}");
                    let found = entries(&folder.join(&part), false).await?;
                    names.extend(found.iter().map(|name| format!("{part}/{name}")));
                }
            }
            Self::Bucket(bucket, prefix) => {
                let own = key(prefix, "");
                let keys = objects(bucket).await.list(&key(prefix, OBJECTS)).await?;
                names.extend(
                    keys.iter()
                        .filter_map(|key| Some(key.strip_prefix(&own)?.to_owned())),
                );
            }
        }
        Ok(names)
    }

    /// Removes what lies under these names; what is not there is no error.
    pub async fn remove(&self, names: &[String]) -> Result<()> {
        match self {
            Self::Folder(folder) => {
                for name in names {
                    let path = folder.join(name);
                    match fs::remove_file(&path).await {
                        Err(error) if error.kind() != ErrorKind::NotFound => {
                            return Err(error)
                                .with_context(|| format!("cannot remove {}", path.display()));
                        }
                        _ => {}
                    }
                }
            }
            Self::Bucket(bucket, prefix) => {
                let keys: Vec<String> = names.iter().map(|name| key(prefix, name)).collect();
                objects(bucket).await.delete(&keys).await?;
            }
        }
        Ok(())
    }

    /// Removes a folder with what is left in it.
    pub async fn remove_folder(&self, name: &str) -> Result<()> {
        match self {
            Self::Folder(folder) => {
                let path = folder.join(name);
                let removed = fs::remove_dir_all(&path).await;
                removed.with_context(|| format!("cannot remove {}", path.display()))
            }
            // in a bucket there are only names
            Self::Bucket(..) => Ok(()),
        }
    }

    /// Stores a file under this name; what is there by that name is whole.
    pub async fn put(&self, name: &str, from: &Path) -> Result<()> {
        match self {
            Self::Folder(folder) => {
                let to = folder.join(name);
                let cannot = || format!("cannot write {}", to.display());
                if let Some(parent) = to.parent() {
                    fs::create_dir_all(parent).await.with_context(cannot)?;
                }
                let unfinished = tempfile::NamedTempFile::new_in(to.parent().unwrap_or(folder))
                    .with_context(cannot)?;
                fs::copy(from, unfinished.path())
                    .await
                    .with_context(cannot)?;
                unfinished.as_file().sync_all().with_context(cannot)?;
                unfinished.persist(&to).with_context(cannot)?;
            }
            Self::Bucket(bucket, prefix) => {
                let objects = objects(bucket).await;
                Box::pin(objects.put_file(&key(prefix, name), from)).await?;
            }
        }
        Ok(())
    }

    /// Fetches what lies under this name into a file.
    pub async fn get(&self, name: &str, to: &Path) -> Result<()> {
        match self {
            Self::Folder(folder) => {
                let from = folder.join(name);
                let copied = fs::copy(&from, to).await;
                copied.with_context(|| format!("cannot read {}", from.display()))?;
            }
            Self::Bucket(bucket, prefix) => {
                let objects = objects(bucket).await;
                objects.get_to_file(&key(prefix, name), to, None).await?;
            }
        }
        Ok(())
    }
}

/// The names of the folders or of the files in a folder; none in one that is not there.
async fn entries(folder: &Path, folders: bool) -> Result<Vec<String>> {
    let cannot = || format!("cannot list {}", folder.display());
    let mut entries = match fs::read_dir(folder).await {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.with_context(cannot)?,
    };
    let mut names = Vec::new();
    while let Some(entry) = entries.next_entry().await.with_context(cannot)? {
        if entry.file_type().await.with_context(cannot)?.is_dir() == folders {
            names.extend(entry.file_name().into_string().ok());
        }
    }
    Ok(names)
}

async fn objects(bucket: &str) -> Objects {
    Objects::connect(&objects::Settings::new(bucket)).await
}

fn key(prefix: &str, name: &str) -> String {
    if prefix.is_empty() {
        name.to_owned()
    } else {
        format!("{prefix}/{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_folder_or_a_bucket_and_nothing_else() {
        assert_eq!("backups".parse(), Ok(Target::Folder("backups".into())));
        let bucket = |prefix: &str| Ok(Target::Bucket("b".to_owned(), prefix.to_owned()));
        assert_eq!("s3://b/some/where/".parse(), bucket("some/where"));
        assert_eq!("s3://b".parse(), bucket(""));
        assert!("s3://".parse::<Target>().is_err() && "ftp://b".parse::<Target>().is_err());
    }
}
