//! Lists of submissions.

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::{Submission, columns, from_row};
use crate::{Error, GenericClient, sql};

/// Which submissions; whatever is none does not matter.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Search {
    /// Of this kind.
    pub kind: Option<String>,
    /// Of this version of it.
    pub version: Option<i32>,
    /// With this status.
    pub status: Option<String>,
    /// Asked for by this account.
    pub author: Option<Uuid>,
    /// Of this project.
    pub project_id: Option<Uuid>,
    /// Made then or later.
    pub from: Option<Timestamp>,
    /// Made before.
    pub to: Option<Timestamp>,
    /// JSON that the payload or the result contains.
    pub contains: Option<Value>,
    /// Words in payload, result or error, as people type them into a search.
    pub text: Option<String>,
    /// Older than this submission: the end of the page before.
    pub before: Option<Uuid>,
    /// At most so many.
    pub limit: i64,
    /// After leaving out so many; for a jump of a few pages, `before` stays fast.
    pub offset: i64,
}

macro_rules! matching {
    () => {
        " ($2::text IS NULL OR s.kind = $2) AND ($3::integer IS NULL OR s.version = $3)
            AND ($4::text IS NULL OR s.status = $4) AND ($5::uuid IS NULL OR s.user_id = $5)
            AND ($6::uuid IS NULL OR s.project_id = $6)
            AND ($7::timestamptz IS NULL OR s.created_at >= $7) AND ($8::timestamptz IS NULL OR s.created_at < $8)
            AND ($9::jsonb IS NULL OR s.payload @> $9 OR s.result @> $9)
            AND ($10::text IS NULL OR s.words @@ websearch_to_tsquery('simple', $10))
            AND ($11::uuid IS NULL OR s.id >= $11) AND ($12::uuid IS NULL OR s.id < $12)"
    };
}

/// An administrator walks all submissions, anybody else the newest of each project they are in; each walk ends after a
/// page.
macro_rules! walk {
    ($from:literal, $to:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            ", project_role($1, s.project_id) AS access FROM (
                (",
            $from,
            "SELECT s.* FROM submissions s WHERE (SELECT role = 'admin' FROM users WHERE id = $1) AND",
            matching!(),
            $to,
            " ORDER BY s.id DESC LIMIT $13::bigint + $14)
                UNION ALL
                (SELECT s.* FROM project_members m CROSS JOIN LATERAL (",
            $from,
            "SELECT s.* FROM submissions s WHERE s.project_id = m.project_id AND",
            matching!(),
            $to,
            " ORDER BY s.id DESC LIMIT $13::bigint + $14) s
                 WHERE m.user_id = $1 AND NOT (SELECT role = 'admin' FROM users WHERE id = $1))
             ) s ORDER BY s.id DESC LIMIT $13 OFFSET $14"
        )
    };
}

pub(super) const SEARCH: &str = walk!("", "");

/// Nobody knows beforehand how rare a word is, and a walk in the order of time might pass all submissions to find the few
/// that hold it. So these are found first, by the words, and sorted then.
pub(super) const SEARCH_INSIDE: &str = walk!("SELECT s.* FROM (", " OFFSET 0) s");

/// A page of the submissions that somebody may see, newest first, without payloads and results.
pub async fn search(
    client: &impl GenericClient,
    user_id: Uuid,
    wanted: &Search,
) -> Result<Vec<Submission>, Error> {
    let (from_id, to_id) = sql::id_range(wanted.from, wanted.to, wanted.before);
    let is_inside = wanted.contains.is_some() || wanted.text.is_some();
    sql::search(
        client,
        if is_inside { SEARCH_INSIDE } else { SEARCH },
        &[
            &user_id,
            &wanted.kind,
            &wanted.version,
            &wanted.status,
            &wanted.author,
            &wanted.project_id,
            &wanted.from,
            &wanted.to,
            &wanted.contains,
            &wanted.text,
            &from_id,
            &to_id,
            &wanted.limit,
            &wanted.offset,
        ],
    )
    .await?
    .iter()
    .map(from_row)
    .collect()
}
