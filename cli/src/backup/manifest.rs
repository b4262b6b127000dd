//! What a backup consists of. The manifest is written last: a backup without one is none.

use std::path::Path;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::fs;
use tokio::io::AsyncReadExt;

use super::target::{OBJECTS, Target};

/// The database's dump, in the backup's folder.
pub const DUMP: &str = "database.dump";
const MANIFEST: &str = "manifest.json";
/// Names the newest whole backup.
const LATEST: &str = "latest";
/// Backups of another form are not understood.
const FORM: u32 = 1;

/// A whole backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    form: u32,
    /// When it was begun.
    pub at: Timestamp,
    /// The version of Leito that made it.
    leito: String,
    /// The dump.
    pub database: Content,
    /// Every object that the database refers to.
    pub objects: Vec<StoredObject>,
}

/// A file's content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Size.
    pub bytes: u64,
    /// SHA-256, hex.
    pub sha256: String,
}

/// An object in a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredObject {
    /// Its key in the object store.
    pub key: String,
    /// Size.
    pub bytes: u64,
    /// SHA-256, hex.
    pub sha256: String,
}

impl StoredObject {
    /// Where its content lies in the backup's place, whichever backups have it.
    pub fn name(&self) -> String {
        let folder = self.sha256.get(..2).unwrap_or_default();
        format!("{OBJECTS}/{folder}/{}", self.sha256)
    }
}

impl Manifest {
    /// That of a backup without objects.
    pub async fn new(at: Timestamp, dump: &Path) -> Result<Self> {
        Ok(Self {
            form: FORM,
            at,
            leito: env!("CARGO_PKG_VERSION").to_owned(),
            database: Content::of(dump).await?,
            objects: Vec::new(),
        })
    }

    /// Stores it, which makes the backup a whole one and the newest.
    pub async fn store(&self, to: &Target, name: &str, work: &Path) -> Result<()> {
        let file = work.join(MANIFEST);
        fs::write(&file, serde_json::to_vec_pretty(self)?).await?;
        to.put(&Self::path(name), &file).await?;
        let file = work.join(LATEST);
        fs::write(&file, name).await?;
        to.put(LATEST, &file).await
    }

    /// Where it lies in the place of a backup of this name.
    pub fn path(name: &str) -> String {
        format!("{name}/{MANIFEST}")
    }

    /// Whether the backup of this name is a whole one.
    pub async fn is_in(place: &Target, name: &str) -> Result<bool> {
        place.exists(&Self::path(name)).await
    }

    /// The name and the manifest of the backup that is asked for, or of the newest.
    pub async fn load(from: &Target, name: Option<&str>, work: &Path) -> Result<(String, Self)> {
        let file = work.join(MANIFEST);
        let name = if let Some(name) = name {
            name.to_owned()
        } else {
            let latest = from.get(LATEST, &file).await;
            latest.with_context(|| format!("there is no whole backup in {from}"))?;
            fs::read_to_string(&file).await?.trim().to_owned()
        };
        let manifest = from.get(&Self::path(&name), &file).await;
        manifest.with_context(|| format!("{name} is no whole backup in {from}"))?;
        let manifest: Self = serde_json::from_slice(&fs::read(&file).await?)?;
        if manifest.form != FORM {
            bail!("the backup {name} is of another form than this leito reads");
        }
        Ok((name, manifest))
    }
}

impl Content {
    /// Reads a file through.
    pub async fn of(path: &Path) -> Result<Self> {
        let mut file = fs::File::open(path).await?;
        let (mut hash, mut bytes, mut piece) = (Sha256::new(), 0, vec![0; 1 << 16]);
        loop {
            let read = file.read(&mut piece).await?;
            let Some(piece) = piece.get(..read).filter(|piece| !piece.is_empty()) else {
                break;
            };
            hash.update(piece);
            bytes += piece.len() as u64;
        }
        Ok(Self {
            bytes,
            sha256: hex::encode(hash.finalize()),
        })
    }
}
