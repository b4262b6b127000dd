//! `/usage`: what people and projects used, as far as it is summed up.

mod show;

use leito_http::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes, below the API's base path.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(show::show_usage))
}
