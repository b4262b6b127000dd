//! Where backups lie: a folder, or a bucket under a prefix.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, Result};
use objects::Objects;
use tokio::fs;

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
