//! `/health`: whether the parts that requests need answer. `/metrics`: figures about the whole system, for Prometheus.

mod metrics;
mod parts;
mod schedules;
mod show;
mod text;

use leito_http::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes, below the API's base path.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(show::show_health))
        .routes(routes!(metrics::show_metrics))
}
