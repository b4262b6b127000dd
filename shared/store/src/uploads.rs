//! Uploads: files on their way into a bed in parts. Its row goes in the transaction that makes the file, or when the
//! upload is given up; what the object store still holds of it is buried with it.

use std::time::Duration;

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::access::Access;
use crate::{Error, Transaction, sql};

/// An upload to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUpload {
    /// Made by the caller, `UUIDv7`; the file will have it too.
    pub id: Uuid,
    /// The bed that the file will belong to.
    pub bed_id: Uuid,
    /// Who uploads.
    pub user_id: Uuid,
    /// What it is.
    pub kind: String,
    /// Name to download it under, without a folder.
    pub name: String,
    /// Key in the object store, its own.
    pub object_key: String,
    /// The object store's name for the upload.
    pub multipart_id: String,
    /// Media type.
    pub content_type: String,
    /// Size that was announced.
    pub bytes: i64,
    /// Size of every part but the last.
    pub part_bytes: i64,
    /// SHA-256 that was announced, hex.
    pub sha256: String,
    /// How long the uploader has.
    pub lives: Duration,
}

/// A stored upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its id, and that of the file to come.
    pub id: Uuid,
    /// The bed that the file will belong to.
    pub bed_id: Uuid,
    /// What it is.
    pub kind: String,
    /// Name to download it under.
    pub name: String,
    /// Key in the object store.
    pub object_key: String,
    /// The object store's name for the upload.
    pub multipart_id: String,
    /// Media type.
    pub content_type: String,
    /// Size that was announced.
    pub bytes: i64,
    /// Size of every part but the last.
    pub part_bytes: i64,
    /// SHA-256 that was announced, hex.
    pub sha256: String,
    /// How much of the content was hashed so far, when it is completed.
    pub hashed_bytes: i64,
    /// The state of the hash there; none at the beginning.
    pub hash_state: Option<Vec<u8>>,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it is given up.
    pub expires_at: Timestamp,
}

/// An upload that nobody will finish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// Its id.
    pub id: Uuid,
    /// Key in the object store.
    pub object_key: String,
    /// The object store's name for the upload.
    pub multipart_id: String,
}

const INSERT: &str = "
    INSERT INTO uploads (id, bed_id, user_id, kind, name, object_key, multipart_id, content_type, bytes, part_bytes,
        sha256, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, now() + make_interval(secs => $12))
    RETURNING id, bed_id, kind, name, object_key, multipart_id, content_type, bytes, part_bytes, sha256, hashed_bytes,
        hash_state, created_at, expires_at";

/// Stores an upload.
pub async fn insert(tx: &Transaction<'_>, new: &NewUpload) -> Result<Upload, Error> {
    let row = sql::one(
        tx,
        INSERT,
        &[
            &new.id,
            &new.bed_id,
            &new.user_id,
            &new.kind,
            &new.name,
            &new.object_key,
            &new.multipart_id,
            &new.content_type,
            &new.bytes,
            &new.part_bytes,
            &new.sha256,
            &new.lives.as_secs_f64(),
        ],
    )
    .await?;
    from_row(&row)
}

const COUNT_OPEN: &str = "SELECT count(*) AS open FROM uploads WHERE user_id = $1";

/// How many uploads of this user are open.
pub async fn count_open(client: &impl GenericClient, user_id: Uuid) -> Result<i64, Error> {
    let row = sql::one(client, COUNT_OPEN, &[&user_id]).await?;
    Ok(row.try_get("open")?)
}

const GET_FOR: &str = "
    SELECT u.id, u.bed_id, u.kind, u.name, u.object_key, u.multipart_id, u.content_type, u.bytes, u.part_bytes,
        u.sha256, u.hashed_bytes, u.hash_state, u.created_at, u.expires_at, project_role($3, b.project_id) AS access
    FROM uploads u JOIN beds b ON b.id = u.bed_id
    WHERE u.id = $1 AND u.bed_id = $2 AND u.user_id = $3 AND u.expires_at > now()
        AND project_role($3, b.project_id) IS NOT NULL";

/// The caller's own upload to this bed, while they have the role and the time; anybody else's is [`Error::NotFound`].
pub async fn get_for(
    client: &impl GenericClient,
    by: Access,
    bed_id: Uuid,
    id: Uuid,
) -> Result<Upload, Error> {
    let row = sql::row(client, GET_FOR, &[&id, &bed_id, &by.user_id]).await?;
    let row = row.ok_or_else(|| Error::not_found("upload", id))?;
    by.check(&row, "upload", id)?;
    from_row(&row)
}

const LIST_OWN: &str = "
    SELECT id, bed_id, kind, name, object_key, multipart_id, content_type, bytes, part_bytes, sha256, hashed_bytes,
        hash_state, created_at, expires_at
    FROM uploads WHERE bed_id = $1 AND user_id = $2 AND expires_at > now() ORDER BY id LIMIT $3";

/// A user's open uploads to a bed, oldest first.
pub async fn list_own(
    client: &impl GenericClient,
    bed_id: Uuid,
    user_id: Uuid,
    limit: i64,
) -> Result<Vec<Upload>, Error> {
    sql::rows(client, LIST_OWN, &[&bed_id, &user_id, &limit])
        .await?
        .iter()
        .map(from_row)
        .collect()
}

const HASHED: &str =
    "UPDATE uploads SET hashed_bytes = $2, hash_state = $3 WHERE id = $1 AND hashed_bytes < $2";

/// Keeps how far the content was hashed, and the state of the hash there, for whoever goes on; who is further stays so.
pub async fn keep_hashed(
    client: &impl GenericClient,
    id: Uuid,
    bytes: i64,
    state: &[u8],
) -> Result<(), Error> {
    sql::execute(client, HASHED, &[&id, &bytes, &state]).await?;
    Ok(())
}

const END: &str = "
    WITH ended AS (DELETE FROM uploads WHERE id = $1 RETURNING object_key)
    INSERT INTO object_tombstones (object_key) SELECT object_key FROM ended
    ON CONFLICT (object_key) DO UPDATE SET since = now()";

/// Ends an upload and buries its object; a file made in the same transaction keeps the object alive. False when
/// somebody else ended it.
pub async fn end(tx: &Transaction<'_>, id: Uuid) -> Result<bool, Error> {
    Ok(sql::execute(tx, END, &[&id]).await? == 1)
}

/// Each branch has its index.
const STALE: &str = "
    (SELECT id, object_key, multipart_id FROM uploads WHERE expires_at < now() LIMIT $1)
    UNION (SELECT id, object_key, multipart_id FROM uploads WHERE bed_id IS NULL LIMIT $1)
    UNION (SELECT id, object_key, multipart_id FROM uploads WHERE user_id IS NULL LIMIT $1)
    LIMIT $1";

/// Uploads out of time, or whose bed or author is gone. Abort each in the object store, then [`end`] it.
pub async fn stale(client: &impl GenericClient, limit: i64) -> Result<Vec<Stale>, Error> {
    let rows = sql::rows(client, STALE, &[&limit]).await?;
    rows.iter()
        .map(|row| {
            Ok(Stale {
                id: row.try_get("id")?,
                object_key: row.try_get("object_key")?,
                multipart_id: row.try_get("multipart_id")?,
            })
        })
        .collect()
}

pub(crate) const STATEMENTS: &[&str] = &[INSERT, COUNT_OPEN, GET_FOR, LIST_OWN, HASHED, END, STALE];

fn from_row(row: &Row) -> Result<Upload, Error> {
    Ok(Upload {
        id: row.try_get("id")?,
        bed_id: row.try_get("bed_id")?,
        kind: row.try_get("kind")?,
        name: row.try_get("name")?,
        object_key: row.try_get("object_key")?,
        multipart_id: row.try_get("multipart_id")?,
        content_type: row.try_get("content_type")?,
        bytes: row.try_get("bytes")?,
        part_bytes: row.try_get("part_bytes")?,
        sha256: row.try_get("sha256")?,
        hashed_bytes: row.try_get("hashed_bytes")?,
        hash_state: row.try_get("hash_state")?,
        created_at: row.try_get("created_at")?,
        expires_at: row.try_get("expires_at")?,
    })
}
