//! `/submissions`: work asked for as a whole, and `/audits`: who did what.

mod audits;
mod cancel;
mod create;
mod delete;
mod kinds;
mod list;
mod report;
mod retry;
mod show;
mod view;
mod wanted;
mod work;

use leito_http::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes, below the API's base path.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(kinds::list_kinds))
        .routes(routes!(kinds::show_kind))
        .routes(routes!(create::create_submission, list::list_submissions))
        .routes(routes!(show::show_submission, delete::delete_submission))
        .routes(routes!(report::show_report))
        .routes(routes!(cancel::cancel_submission))
        .routes(routes!(retry::retry_submission))
        .routes(routes!(audits::list_audits))
}
