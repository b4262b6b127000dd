//! Brings the database to the form this version works with; run at each deployment, never by a function that serves.

use serde_json::{Value, json};

/// Applies what is missing; the answer says what that was.
pub async fn handle(database_url: &str) -> Result<Value, store::Error> {
    let done = store::migrate(database_url).await?;
    tracing::info!(
        applied = done.applied,
        version = done.version,
        "the database is at version {}",
        done.version
    );
    Ok(json!({ "applied": done.applied, "version": done.version }))
}
