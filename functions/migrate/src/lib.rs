//! Brings the database to this release's version. Called once by a deployment, before the other functions change;
//! none of them migrates when it starts.

mod deployment;
mod error;

pub use error::Error;

use serde_json::{Value, json};

use deployment::Step;

/// Applies what is missing. Called by hand, the answer says what was done. Called by CloudFormation, that goes to the
/// address in the event, failures too: the deployment waits for it, and stops at a failure.
pub async fn handle(database_url: &str, event: &Value) -> Result<Value, Error> {
    let Some(step) = Step::of(event)? else {
        return Ok(migrate(database_url).await?);
    };
    let outcome = if step.leaves_the_database_alone() {
        Ok(json!({ "applied": 0 }))
    } else {
        migrate(database_url).await
    };
    if let Err(error) = &outcome {
        tracing::error!(error = error::chain(error), "the deployment is stopped");
    }
    let answer = step.answer(&outcome);
    deployment::tell(&step.response_url, &answer).await?;
    Ok(answer)
}

async fn migrate(database_url: &str) -> Result<Value, store::Error> {
    let done = store::migrate(database_url).await?;
    tracing::info!(
        applied = done.applied,
        version = done.version,
        "database is at version {}",
        done.version
    );
    Ok(json!({ "applied": done.applied, "version": done.version }))
}
