//! Rows that have had their time.

use std::collections::BTreeMap;

use schedule::Left;
use store::leftovers::{self, Leftover};
use worker::Parts;

use crate::{BATCH, Error, Removed};

/// Rows, by the name of their table.
pub type ByTable = BTreeMap<&'static str, u64>;

/// Removes them table by table.
pub(crate) async fn remove(parts: &Parts, left: Left, removed: &mut Removed) -> Result<(), Error> {
    for what in Leftover::ALL {
        let rows = removed.rows.entry(what.as_str()).or_default();
        while !left.is_over() {
            match leftovers::remove(&parts.store.client().await?, what, BATCH).await? {
                0 => break,
                some => *rows += some,
            }
        }
    }
    Ok(())
}
