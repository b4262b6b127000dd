//! `leito backup`: a copy of the database and of every object it refers to, of one moment.
//!
//! The database is dumped under a snapshot, and the objects that the snapshot refers to are copied after that: objects
//! never change, and the clean-up deletes none while a backup is recorded as running. Objects lie under their hash, so
//! backups in the same place share them and the next one copies only what is new.

mod manifest;
mod program;
mod prune;
mod target;

use std::num::NonZero;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use objects::Objects;
use runtime::{Clock, SystemClock};
use schedule::{BACKUP, Ended, Left};
use serde_json::{Value, json};
use store::snapshot;

pub use manifest::{Content, DUMP, Manifest, StoredObject};
pub use program::{dump, restore};
pub use target::Target;

use crate::system::direct::{Inside, Tables};

/// Objects copied at once.
const PARALLEL: usize = 4;

/// Copies the database and all files, of one moment
///
/// The system may go on working. Backups in the same place share their files.
#[derive(Args)]
#[command(
    after_help = "Example:\n  leito backup /var/backups/leito\n  leito backup s3://my-backups/leito --json"
)]
pub struct BackupCommand {
    /// A folder, or `s3://bucket/prefix` reached through the standard AWS variables
    #[arg(value_name = "DIR|s3://…")]
    to: Target,
    /// Keep the newest N backups in that place and remove the others [default: all]
    #[arg(long, value_name = "N", env = "BACKUP_KEEP")]
    keep: Option<NonZero<usize>>,
    /// Print what was copied as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    inside: Inside,
}

/// Backups that are made again and again.
#[derive(Args, Clone, Debug)]
pub struct Regular {
    /// Back up regularly to this folder, or `s3://bucket/prefix`
    #[arg(long = "backup-to", value_name = "DIR|s3://…", env = "BACKUP_TO")]
    pub to: Option<Target>,
    /// Hours between backups [default: 24]
    #[arg(long = "backup-every-h", value_name = "HOURS", env = "BACKUP_EVERY_H", requires = "to",
        value_parser = clap::value_parser!(u64).range(1..=744))]
    every_h: Option<u64>,
    /// Keep the newest N of them [default: all]
    #[arg(
        long = "backup-keep",
        value_name = "N",
        env = "BACKUP_KEEP",
        requires = "to"
    )]
    pub keep: Option<NonZero<usize>>,
}

impl Regular {
    /// The schedule, if there is one.
    pub fn schedule(&self) -> schedule::Schedule {
        BACKUP.each(Duration::from_hours(self.every_h.unwrap_or(24)))
    }
}

impl BackupCommand {
    /// Makes one backup.
    pub async fn execute(self) -> Result<ExitCode> {
        let direct = Box::pin(self.inside.open(Tables::UpToDate)).await?;
        let source = Source {
            parts: direct.parts.clone(),
            database_url: direct.database_url.clone(),
        };
        let now = SystemClock.now();
        let done = Box::pin(source.back_up(&self.to, self.keep, BACKUP, now)).await?;
        direct.close().await?;
        if self.json {
            println!("{done:#}");
        } else {
            println!("backed up to {}:", self.to);
            crate::print_fields(&done);
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// What is backed up.
pub struct Source {
    /// Database and objects.
    pub parts: worker::Parts,
    /// How other programs reach the database.
    pub database_url: String,
}

/// Lets a scheduled run record why a backup failed.
#[derive(Debug, thiserror::Error)]
#[error("{0:#}")]
struct Failed(anyhow::Error);

impl Source {
    /// Makes the backup for this time, unless it was made. Recorded as running, it holds the clean-up of objects off.
    pub async fn back_up(
        &self,
        to: &Target,
        keep: Option<NonZero<usize>>,
        schedule: schedule::Schedule,
        due: Timestamp,
    ) -> Result<Value> {
        let (store, ids) = (&self.parts.store, self.parts.ids.as_ref());
        let work = async |left| {
            let made = Box::pin(self.make(to, keep, due, left));
            made.await.map_err(Failed)
        };
        match schedule::run(store, ids, schedule, due, work).await? {
            Ended::Done(outcome) => Ok(outcome),
            Ended::Elsewhere => Ok(json!({ "done": "elsewhere" })),
        }
    }

    /// One backup at a time: what another one is about to need must not be removed with the old ones.
    async fn make(
        &self,
        to: &Target,
        keep: Option<NonZero<usize>>,
        at: Timestamp,
        left: Left,
    ) -> Result<Value> {
        let mut client = self.parts.store.client().await?;
        let alone = snapshot::alone(&mut client).await?;
        let alone = alone.context("another backup of this system is being made")?;
        let work = tempfile::tempdir().context("there is no room for temporary files")?;
        let mut done = self.copy(to, at, left, work.path()).await?;
        if let Some(keep) = keep {
            let pruned = prune::prune(to, keep, work.path()).await?;
            done["removed_backups"] = pruned.backups.into();
            done["removed_objects"] = pruned.objects.into();
        }
        drop(alone);
        Ok(done)
    }

    async fn copy(&self, to: &Target, at: Timestamp, left: Left, work: &Path) -> Result<Value> {
        let dumped = work.join(DUMP);
        let mut client = self.parts.store.client().await?;
        let moment = snapshot::hold(&mut client).await?;
        dump(&self.database_url, moment.name(), &dumped).await?;
        let referred = moment.objects().await?;
        drop(moment);
        drop(client);

        let name = at.strftime("%Y%m%dT%H%M%SZ").to_string();
        let wanted = referred.len();
        let copied = stream::iter(referred)
            .map(|one| copy_object(&self.parts.objects, to, one, work, left))
            .buffer_unordered(PARALLEL)
            .try_collect::<Vec<_>>();
        let copied = copied.await?;
        let mut manifest = Manifest::new(at, &dumped).await?;
        manifest.objects = copied.into_iter().flatten().collect();
        manifest.objects.sort_by(|a, b| a.key.cmp(&b.key));
        let found = manifest.objects.len();
        to.put(&format!("{name}/{DUMP}"), &dumped).await?;
        manifest.store(to, &name, work).await?;
        let bytes: u64 = manifest.objects.iter().map(|one| one.bytes).sum();
        Ok(json!({
            "name": name,
            "objects": found,
            "bytes": bytes,
            "database_bytes": manifest.database.bytes,
            "lost_objects": wanted - found,
        }))
    }
}

/// Copies an object that is not there yet. One that the store has lost is no reason to have no backup of the rest.
async fn copy_object(
    objects: &Objects,
    to: &Target,
    one: snapshot::Referred,
    work: &Path,
    left: Left,
) -> Result<Option<StoredObject>> {
    if left.is_over() {
        bail!("the backup takes too long: objects would be deleted meanwhile");
    }
    let stored = StoredObject {
        key: one.key,
        bytes: u64::try_from(one.bytes).unwrap_or_default(),
        sha256: one.sha256,
    };
    if !to.has(&stored.name(), stored.bytes).await? {
        // Two keys may hold the same content at the same time.
        let file = tempfile::NamedTempFile::new_in(work)?.into_temp_path();
        match objects
            .get_to_file(&stored.key, &file, Some(&stored.sha256))
            .await
        {
            Ok(_) => {}
            Err(objects::Error::Missing { key }) => {
                tracing::error!(
                    key,
                    "the object {key} is lost, and in no backup from now on"
                );
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        }
        to.put(&stored.name(), &file).await?;
    }
    Ok(Some(stored))
}
