//! `/metrics` and `/dashboards`: five numbers over time, posted by jobs and by other systems, and the charts of them that a
//! project looks at.

mod create;
mod delete;
mod list;
mod metrics;
mod number;
mod report;
mod show;
mod update;
mod view;

use leito_http::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes, below the API's base path.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(create::create_dashboard))
        .routes(routes!(list::list_dashboards))
        .routes(routes!(show::show_dashboard))
        .routes(routes!(update::update_dashboard))
        .routes(routes!(delete::delete_dashboard))
        .routes(routes!(metrics::post::post_metrics))
        .routes(routes!(metrics::series::show_metric_series))
        .routes(routes!(metrics::export::export_metrics_csv))
        .routes(routes!(metrics::export::export_metrics_pdf))
}
