//! Objects that nothing refers to: first their tombstone is taken, then they are deleted, then the
//! tombstone says so, and goes a day later. The statement that takes the tombstone looks for references, and once it is taken the database refuses new ones.

use std::time::Duration;

use schedule::Left;
use store::{object_tombstones, stage_outputs, uploads};
use worker::Parts;

use crate::{BATCH, Error, Removed};

/// How long an object that lost a reference stays: uploads in one piece and files made by hand are recorded well within.
pub(crate) const GRACE: Duration = Duration::from_hours(24);
/// How long the output of a stage stays that no bed shows: a study asked for again meanwhile need not be computed again.
pub(crate) const UNUSED_FOR: Duration = Duration::from_hours(30 * 24);

/// Uploads out of time, or whose bed or author is gone.
pub(crate) async fn give_up_uploads(
    parts: &Parts,
    left: Left,
    removed: &mut Removed,
) -> Result<(), Error> {
    loop {
        let stale = uploads::stale(&parts.store.client().await?, BATCH).await?;
        if stale.is_empty() {
            return Ok(());
        }
        for upload in stale {
            if left.is_over() {
                return Ok(());
            }
            parts
                .objects
                .drop_parts(&upload.object_key, &upload.multipart_id)
                .await?;
            let mut client = parts.store.client().await?;
            let tx = client.transaction().await.map_err(store::Error::from)?;
            removed.uploads += u64::from(uploads::end(&tx, upload.id).await?);
            tx.commit().await.map_err(store::Error::from)?;
        }
    }
}

/// Stored outputs of stages that no bed shows any more; their objects are buried with them.
pub(crate) async fn expire_stages(
    parts: &Parts,
    left: Left,
    removed: &mut Removed,
) -> Result<(), Error> {
    while !left.is_over() {
        let mut client = parts.store.client().await?;
        let tx = client.transaction().await.map_err(store::Error::from)?;
        let expired = stage_outputs::expire(&tx, UNUSED_FOR, BATCH).await?.len();
        tx.commit().await.map_err(store::Error::from)?;
        removed.stage_outputs += expired as u64;
        if expired == 0 {
            break;
        }
    }
    Ok(())
}

/// Objects that are dead.
pub(crate) async fn delete(parts: &Parts, left: Left, removed: &mut Removed) -> Result<(), Error> {
    while !left.is_over() {
        // Without a connection in hand while the object store works: a function has only one.
        let taken = object_tombstones::take(&parts.store.client().await?, GRACE, BATCH).await?;
        let keys: Vec<String> = taken.iter().map(|one| one.object_key.clone()).collect();
        parts.objects.delete(&keys).await?;
        object_tombstones::mark_deleted(&parts.store.client().await?, &taken).await?;
        removed.objects += taken.len() as u64;
        if taken.is_empty() {
            break;
        }
    }
    let mut forgotten = BATCH;
    while !left.is_over() && forgotten == BATCH {
        let client = parts.store.client().await?;
        let used = object_tombstones::forget_used(&client, GRACE, BATCH).await?;
        forgotten = i64::try_from(used).unwrap_or_default();
    }
    Ok(())
}
