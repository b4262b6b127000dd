//! Limits on what is tried again and again: log-ins, registrations, passwords of share links. Counted in Postgres, so that
//! all instances of a function count together.

use std::time::Duration;

use axum::http::{HeaderValue, header};
use store::rate_limits::{self, Limit};

use crate::{App, Code, Problem};

/// Counts one more request against each of these limits, and refuses it (429) beyond any.
pub async fn count(app: &App, limits: &[Limit]) -> Result<(), Problem> {
    let client = app.store.client().await?;
    match rate_limits::count(&client, limits).await? {
        None => Ok(()),
        Some(wait) => Err(too_many(wait)),
    }
}

fn too_many(wait: Duration) -> Problem {
    let seconds = wait.as_secs() + 1;
    let detail = format!("that was tried too often; try again in {seconds} s");
    Problem::new(Code::RateLimited, detail)
        .with_header(header::RETRY_AFTER, HeaderValue::from(seconds))
}
