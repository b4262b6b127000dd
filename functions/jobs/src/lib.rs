//! `/jobs`: watch work, and stop it.

mod cancel;
mod events;
mod show;

use leito_http::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes, below the API's base path.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(show::show_job))
        .routes(routes!(events::list_events))
        .routes(routes!(cancel::cancel_job))
}
