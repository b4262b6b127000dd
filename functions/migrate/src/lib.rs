//! Brings the database to this release's version. Called once by a deployment, before the other functions change;
//! none of them migrates when it starts.

use serde_json::{Value, json};

/// Applies what is missing; the answer says what was done and is what the deployment waits for.
pub async fn handle(database_url: &str) -> Result<Value, store::Error> {
    let done = store::migrate(database_url).await?;
    tracing::info!(
        applied = done.applied,
        version = done.version,
        "database is at version {}",
        done.version
    );
    Ok(json!({ "applied": done.applied, "version": done.version }))
}
