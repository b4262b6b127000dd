//! `leito restore`: a backup becomes a system again.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Args;
use futures::{StreamExt, TryStreamExt, stream};
use objects::Objects;
use serde_json::{Value, json};
use store::databases;

use crate::backup::{self, DUMP, Manifest, StoredObject, Target};
use crate::exit::BadInput;
use crate::system::direct::{Direct, Inside, Tables};

/// Objects restored at once.
const PARALLEL: usize = 4;

/// Brings a backup into an empty system
///
/// Every file is checked against its hash. The objects come first and the database last, all of it or nothing: after
/// a failure the system is still empty, and the same command may be given again.
#[derive(Args)]
#[command(
    after_help = "Example:\n  leito restore /var/backups/leito --data fresh\n  leito restore s3://my-backups/leito --at 20260301T100000Z --json"
)]
pub struct RestoreCommand {
    /// The folder, or `s3://bucket/prefix`, that `leito backup` wrote to
    #[arg(value_name = "DIR|s3://…")]
    from: Target,
    /// The name of the backup [default: the newest]
    #[arg(long, value_name = "NAME")]
    at: Option<String>,
    /// Print what was restored as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    inside: Inside,
}

impl RestoreCommand {
    /// Restores into an empty system only.
    pub async fn execute(self) -> Result<ExitCode> {
        let direct = Box::pin(self.inside.open(Tables::AsTheyAre)).await?;
        let restored = Box::pin(restore(&direct, &self.from, self.at.as_deref())).await;
        direct.close().await?;
        let restored = restored?;
        if self.json {
            println!("{restored:#}");
        } else {
            println!("restored from {}:", self.from);
            crate::print_fields(&restored);
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn restore(direct: &Direct, from: &Target, at: Option<&str>) -> Result<Value> {
    let url = &direct.database_url;
    if !databases::is_empty(url).await? {
        let why = "the system is not empty: a backup is restored into a fresh one only";
        bail!(BadInput(why.to_owned()));
    }
    let work = tempfile::tempdir().context("there is no room for temporary files")?;
    let (name, manifest) = Manifest::load(from, at, work.path()).await?;
    let dump = work.path().join(DUMP);
    from.get(&format!("{name}/{DUMP}"), &dump).await?;
    if backup::Content::of(&dump).await? != manifest.database {
        bail!("the database in the backup {name} is damaged");
    }
    stream::iter(&manifest.objects)
        .map(|one| restore_object(&direct.parts.objects, from, one, work.path()))
        .buffer_unordered(PARALLEL)
        .try_collect::<()>()
        .await?;
    databases::before_restore(url).await?;
    backup::restore(url, &dump, work.path()).await?;
    databases::after_restore(url).await?;
    let migrated = store::migrate(url).await?;
    let bytes: u64 = manifest.objects.iter().map(|one| one.bytes).sum();
    Ok(json!({
        "name": name,
        "at": manifest.at,
        "objects": manifest.objects.len(),
        "bytes": bytes,
        "migrations_applied": migrated.applied,
    }))
}

/// What arrives must be what was backed up, and what is stored must be what arrived.
async fn restore_object(
    objects: &Objects,
    from: &Target,
    one: &StoredObject,
    work: &Path,
) -> Result<()> {
    let file = tempfile::NamedTempFile::new_in(work)?.into_temp_path();
    from.get(&one.name(), &file).await?;
    let stored = Box::pin(objects.put_file(&one.key, &file)).await?;
    if (stored.bytes, &stored.sha256) != (one.bytes, &one.sha256) {
        objects.delete(std::slice::from_ref(&one.key)).await?;
        bail!("{} is damaged in the backup", one.key);
    }
    Ok(())
}
