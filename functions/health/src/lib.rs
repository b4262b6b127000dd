//! `/health`: whether the parts that requests need answer.

mod parts;
mod show;

use leito_http::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes, below the API's base path.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(show::show_health))
}
