//! `GET /health`

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use leito_http::App;
use serde::Serialize;
use utoipa::ToSchema;

use crate::parts::{self, Part};

/// How the service is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// The worst that any part says.
    status: Overall,
    /// The version of the program.
    #[schema(value_type = String)]
    version: &'static str,
    /// Each part.
    parts: Vec<Part>,
}

/// What the parts mean for callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Overall {
    /// Everything answers.
    Ok,
    /// Requests are accepted, their work waits until a part is back.
    Degraded,
    /// Requests fail.
    Down,
}

/// Whether the parts answer, and how fast.
#[utoipa::path(
    get, path = "/health", tag = "health",
    responses(
        (status = 200, description = "Requests can be served", body = Health),
        (status = 503, description = "A part that every request needs is down", body = Health),
    ),
)]
pub async fn show_health(State(app): State<App>) -> (StatusCode, Json<Health>) {
    // Boxed: the calls of the AWS SDK are tens of kilobytes of state.
    let parts = Box::pin(parts::all(&app)).await;
    let status = overall(&parts);
    let code = if status == Overall::Down {
        StatusCode::SERVICE_UNAVAILABLE
    } else {
        StatusCode::OK
    };
    (
        code,
        Json(Health {
            status,
            version: env!("CARGO_PKG_VERSION"),
            parts,
        }),
    )
}

fn overall(parts: &[Part]) -> Overall {
    if parts.iter().any(|part| part.needed && !part.up) {
        Overall::Down
    } else if parts.iter().any(|part| !part.up) {
        Overall::Degraded
    } else {
        Overall::Ok
    }
}
