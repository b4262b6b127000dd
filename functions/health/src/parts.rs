//! One cheap question to each part, all at the same time, none for long.

use std::fmt::Display;
use std::future::Future;
use std::time::{Duration, Instant};

use job::Kind;
use leito_http::App;
use serde::Serialize;
use utoipa::ToSchema;

/// A part that takes longer counts as down.
pub const PATIENCE: Duration = Duration::from_secs(2);
/// An object that nobody stores: the answer that it is missing is an answer.
const NO_OBJECT: &str = "artifacts/health";

const DATABASE: &str = "database";

/// A part of the service.
#[derive(Debug, Serialize, ToSchema)]
pub struct Part {
    /// Which.
    #[schema(value_type = String, example = "database")]
    name: &'static str,
    /// Whether it answered.
    pub up: bool,
    /// Whether requests fail without it.
    pub needed: bool,
    /// How long the answer took.
    latency_ms: f64,
}

impl Part {
    /// Whether this is the database, and it answers.
    pub fn is_the_database_up(&self) -> bool {
        self.up && self.name == DATABASE
    }
}

/// Asks all parts.
pub async fn all(app: &App) -> Vec<Part> {
    let (database, objects, packing, flow) = tokio::join!(
        ask(DATABASE, true, app.store.ping()),
        ask("objects", true, app.objects.head(NO_OBJECT)),
        ask(
            "packing_queue",
            false,
            app.queue.depth(app.queue.of(Kind::Packing))
        ),
        ask(
            "flow_queue",
            false,
            app.queue.depth(app.queue.of(Kind::Flow))
        ),
    );
    vec![database, objects, packing, flow]
}

/// Why a part is down is for the log: it may name hosts and users.
async fn ask<T, E: Display>(
    name: &'static str,
    needed: bool,
    answer: impl Future<Output = Result<T, E>>,
) -> Part {
    let began = Instant::now();
    let up = match tokio::time::timeout(PATIENCE, answer).await {
        Ok(Ok(_)) => true,
        Ok(Err(error)) => {
            tracing::warn!(part = name, %error, "a part is down");
            false
        }
        Err(_) => {
            tracing::warn!(part = name, "a part does not answer");
            false
        }
    };
    Part {
        name,
        up,
        needed,
        latency_ms: began.elapsed().as_secs_f64() * 1e3,
    }
}
