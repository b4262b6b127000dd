//! `/jobs`: find work, watch it, stop it, try it again.

mod cancel;
mod events;
mod list;
mod log;
mod retry;
mod show;
mod tickets;
mod view;

use leito_http::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes, below the API's base path.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list::list_jobs))
        .routes(routes!(show::show_job))
        .routes(routes!(show::show_task))
        .routes(routes!(events::list_events))
        .routes(routes!(log::show_log))
        .routes(routes!(cancel::cancel_job))
        .routes(routes!(retry::retry_job))
        .routes(routes!(tickets::create_ticket))
}
