//! What a clean-up would remove, without removing it.

use futures::{StreamExt, TryStreamExt, stream};
use serde::Serialize;
use store::leftovers::{self, Leftover};
use store::{object_tombstones, uploads};
use worker::Parts;

use crate::Error;
use crate::objects::GRACE;
use crate::rows::ByTable;

/// More than so many uploads or objects are not looked at; there are then at least as many.
const MOST: i64 = 1000;
/// Objects asked for at once.
const PARALLEL: usize = 16;

/// What would go.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// Rows, by table.
    pub rows: ByTable,
    /// Uploads, up to a thousand.
    pub uploads: u64,
    /// Objects, up to a thousand. Those of stored stages that expire now go a day later.
    pub objects: u64,
    /// The size of these objects.
    pub bytes: u64,
    /// Whether there are more than a thousand of either.
    pub more: bool,
}

/// Looks at everything a clean-up would remove now.
pub async fn preview(parts: &Parts) -> Result<Preview, Error> {
    let client = parts.store.client().await?;
    let mut preview = Preview::default();
    for what in Leftover::ALL {
        let rows = leftovers::count(&client, what).await?;
        preview
            .rows
            .insert(what.as_str(), u64::try_from(rows).unwrap_or_default());
    }
    let stale = uploads::stale(&client, MOST).await?.len();
    let dead = object_tombstones::due(&client, GRACE, MOST).await?;
    drop(client);
    preview.uploads = stale as u64;
    preview.objects = dead.len() as u64;
    preview.more = preview.uploads.max(preview.objects) == MOST.unsigned_abs();
    preview.bytes = stream::iter(&dead)
        .map(|one| parts.objects.head(&one.object_key))
        .buffer_unordered(PARALLEL)
        .try_fold(0, async |sum, head| {
            Ok(sum + head.map_or(0, |head| head.bytes))
        })
        .await?;
    Ok(preview)
}
