//! Applies the migrations embedded in this program. Never goes backwards: a database with a migration this program
//! does not know, or with one that was changed after it was applied, is refused untouched.

use crate::{Error, connect};

mod embedded {
    refinery::embed_migrations!("../../migrations");
}

/// Any number will do, as long as every program uses the same.
const LOCK: i64 = 7_235_419_866;

/// What a run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migrated {
    /// Migrations applied by this call.
    pub applied: usize,
    /// The version the database now has.
    pub version: i32,
}

/// Brings the database to this program's version. Concurrent callers wait for each other.
///
/// The lock is a session's, on a connection of its own that closes at the end: it works as long as nothing between
/// us and Postgres shares sessions, so migrations go to the database directly and not through a proxy.
pub async fn migrate(url: &str) -> Result<Migrated, Error> {
    let mut client = connect::single(url).await?;
    client
        .execute("SELECT pg_advisory_lock($1)", &[&LOCK])
        .await?;
    let outcome = embedded::migrations::runner()
        .set_abort_divergent(true)
        .set_abort_missing(true)
        .run_async(&mut client)
        .await;
    let unlocked = client
        .execute("SELECT pg_advisory_unlock($1)", &[&LOCK])
        .await;
    let report = outcome.map_err(|error| Error::Migration(Box::new(error)))?;
    unlocked?;
    Ok(Migrated {
        applied: report.applied_migrations().len(),
        version: latest(),
    })
}

fn latest() -> i32 {
    embedded::migrations::runner()
        .get_migrations()
        .iter()
        .map(refinery::Migration::version)
        .max()
        .unwrap_or(0)
}

/// Changes whenever any migration does: a name for databases made from them.
pub fn migrations_fingerprint() -> String {
    let runner = embedded::migrations::runner();
    let sum = runner.get_migrations().iter().fold(0_u64, |sum, one| {
        sum.rotate_left(7).wrapping_mul(0x0100_0000_01b3) ^ one.checksum()
    });
    format!("{sum:016x}")
}
