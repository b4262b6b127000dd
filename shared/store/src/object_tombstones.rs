//! Object tombstones: keys of the object store that may be dead, written in the transaction that takes a reference away.
//!
//! A key is dead when no row of `bed_files`, `uploads` or `stage_outputs` names it any more (SQL function
//! `object_is_used`): artefacts are shared, so a key that another bed still uses survives. Whether it is dead is asked
//! only when its time is up, because a transaction cannot see what others are about to commit. An object that exists
//! before its first reference is buried before it is made, so that a crash in between leaves nothing for ever.

use std::time::Duration;

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{Error, Transaction, sql};

/// A key that may be dead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// Key in the object store.
    pub object_key: String,
    /// When a reference to it went last.
    pub since: Timestamp,
}

/// Sorted, so that two transactions that bury the same keys wait for each other instead of locking each other out.
const BURY: &str = "
    INSERT INTO object_tombstones (object_key) SELECT DISTINCT key FROM UNNEST($1::text[]) key ORDER BY key
    ON CONFLICT (object_key) DO UPDATE SET since = now(), taken_at = NULL, deleted_at = NULL";

/// Marks keys as perhaps dead, their time beginning now. Keys that something still refers to are no mistake.
pub async fn bury(client: &impl GenericClient, keys: &[String]) -> Result<u64, Error> {
    sql::execute(client, BURY, &[&keys]).await
}

const BURY_FILES_OF_BED: &str = "
    INSERT INTO object_tombstones (object_key)
    SELECT DISTINCT object_key FROM bed_files WHERE bed_id = $1 ORDER BY object_key
    ON CONFLICT (object_key) DO UPDATE SET since = now()";

/// Buries the objects of all files of a bed: call it in the transaction that deletes the bed, before that.
pub async fn bury_files_of_bed(tx: &Transaction<'_>, bed_id: Uuid) -> Result<u64, Error> {
    sql::execute(tx, BURY_FILES_OF_BED, &[&bed_id]).await
}

const BURY_FILES_OF_SIMULATION: &str = "
    INSERT INTO object_tombstones (object_key)
    SELECT DISTINCT object_key FROM bed_files WHERE simulation_id = $1 ORDER BY object_key
    ON CONFLICT (object_key) DO UPDATE SET since = now()";

/// Buries the objects of a simulation's files: call it in the transaction that deletes the simulation, before that.
pub async fn bury_files_of_simulation(
    tx: &Transaction<'_>,
    simulation_id: Uuid,
) -> Result<u64, Error> {
    sql::execute(tx, BURY_FILES_OF_SIMULATION, &[&simulation_id]).await
}

const BURY_FILES_OF_PROJECT: &str = "
    INSERT INTO object_tombstones (object_key)
    SELECT DISTINCT f.object_key FROM beds b JOIN bed_files f ON f.bed_id = b.id WHERE b.project_id = $1
    ORDER BY f.object_key
    ON CONFLICT (object_key) DO UPDATE SET since = now()";

/// Buries the objects of a project's files: call it in the transaction that deletes the project, before that.
pub async fn bury_files_of_project(tx: &Transaction<'_>, project_id: Uuid) -> Result<u64, Error> {
    sql::execute(tx, BURY_FILES_OF_PROJECT, &[&project_id]).await
}

/// A job that began before the tombstone was written may still be about to record the object as a file. Nothing is taken
/// while a backup runs: what it found in the database must still be there when it copies the objects.
const TAKE: &str = "
    UPDATE object_tombstones SET taken_at = now() WHERE object_key IN (
        SELECT object_key FROM object_tombstones t
        WHERE since < now() - make_interval(secs => $1) AND deleted_at IS NULL
            AND (taken_at IS NULL OR taken_at < now() - make_interval(secs => $2))
            AND NOT object_is_used(object_key)
            AND NOT EXISTS (SELECT FROM jobs WHERE status = 'running' AND started_at < t.since)
            AND NOT EXISTS (SELECT FROM scheduled_runs
                WHERE name = 'backup' AND finished_at IS NULL AND deadline > now())
        ORDER BY since LIMIT $3 FOR UPDATE SKIP LOCKED)
    RETURNING object_key, since";

/// After this long whoever took a tombstone and did not [`mark_deleted`] it is dead.
const TAKEN_FOR: Duration = Duration::from_mins(10);

/// Takes the longest dead: keys buried more than `older_than` ago that nothing refers to. From its commit on nobody can
/// refer to these objects again: delete them, then [`mark_deleted`]. After a crash they are taken again.
pub async fn take(
    client: &impl GenericClient,
    older_than: Duration,
    limit: i64,
) -> Result<Vec<Tombstone>, Error> {
    let (older_than, taken_for) = (older_than.as_secs_f64(), TAKEN_FOR.as_secs_f64());
    let rows = sql::rows(client, TAKE, &[&older_than, &taken_for, &limit]).await?;
    rows.iter().map(from_row).collect()
}

const DUE: &str = "
    SELECT object_key, since FROM object_tombstones t
    WHERE since < now() - make_interval(secs => $1) AND deleted_at IS NULL AND NOT object_is_used(object_key)
        AND NOT EXISTS (SELECT FROM jobs WHERE status = 'running' AND started_at < t.since)
    ORDER BY since LIMIT $2";

/// What [`take`] would take, for looking at it only.
pub async fn due(
    client: &impl GenericClient,
    older_than: Duration,
    limit: i64,
) -> Result<Vec<Tombstone>, Error> {
    let rows = sql::rows(client, DUE, &[&older_than.as_secs_f64(), &limit]).await?;
    rows.iter().map(from_row).collect()
}

const MARK_DELETED: &str = "
    UPDATE object_tombstones t SET deleted_at = now() FROM UNNEST($1::text[], $2::timestamptz[]) AS gone (object_key, since)
    WHERE t.object_key = gone.object_key AND t.since = gone.since";

/// Records that these objects are deleted; their tombstones go a day later (`leftovers`). One that was buried anew since
/// it was taken is left as it is: its object may have been made anew.
pub async fn mark_deleted(client: &impl GenericClient, gone: &[Tombstone]) -> Result<u64, Error> {
    let keys: Vec<&str> = gone.iter().map(|one| one.object_key.as_str()).collect();
    let since: Vec<Timestamp> = gone.iter().map(|one| one.since).collect();
    sql::execute(client, MARK_DELETED, &[&keys, &since]).await
}

const FORGET_USED: &str = "
    DELETE FROM object_tombstones WHERE object_key IN (
        SELECT object_key FROM object_tombstones
        WHERE since < now() - make_interval(secs => $1) AND object_is_used(object_key)
        ORDER BY since LIMIT $2 FOR UPDATE SKIP LOCKED)";

/// Removes tombstones whose time is up although something refers to their objects: whoever takes the last reference
/// away buries them again.
pub async fn forget_used(
    client: &impl GenericClient,
    older_than: Duration,
    limit: i64,
) -> Result<u64, Error> {
    sql::execute(client, FORGET_USED, &[&older_than.as_secs_f64(), &limit]).await
}

pub(crate) const STATEMENTS: &[&str] = &[
    BURY,
    BURY_FILES_OF_BED,
    BURY_FILES_OF_SIMULATION,
    BURY_FILES_OF_PROJECT,
    TAKE,
    DUE,
    MARK_DELETED,
    FORGET_USED,
];

fn from_row(row: &Row) -> Result<Tombstone, Error> {
    Ok(Tombstone {
        object_key: row.try_get("object_key")?,
        since: row.try_get("since")?,
    })
}
