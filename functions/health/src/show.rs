//! `GET /health`

use axum::extract::State;
use axum::http::StatusCode;
use leito_http::{App, Json};
use serde::Serialize;
use store::figures;
use utoipa::ToSchema;

use crate::parts::{self, Part};
use crate::schedules::{self, LastRun};

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
    /// How long the oldest message is due that no queue has taken yet; absent without a database.
    #[serde(skip_serializing_if = "Option::is_none")]
    outbox_age_s: Option<f64>,
    /// When each schedule last went well; one that never did is absent.
    schedules: Vec<LastRun>,
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
    let (outbox_age_s, schedules) = work(&app, &parts).await.unwrap_or_default();
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
            outbox_age_s,
            schedules,
        }),
    )
}

/// What is said about work in the background, if the database says anything.
async fn work(app: &App, parts: &[Part]) -> Option<(Option<f64>, Vec<LastRun>)> {
    if !parts.iter().any(Part::is_the_database_up) {
        return None;
    }
    let asked = async {
        let client = app.store.client().await?;
        let waiting = figures::waiting(&client).await?;
        let schedules = schedules::last(&client, app.clock.now()).await?;
        Ok::<_, store::Error>((Some(waiting.outbox_age_s), schedules))
    };
    let answered = tokio::time::timeout(parts::PATIENCE, asked).await;
    answered.ok()?.ok()
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
