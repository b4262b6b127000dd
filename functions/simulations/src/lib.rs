//! `/simulations`: what came of computing a flow.

mod compare;
mod delete;
mod files;
mod list;
mod rerun;
mod show;

use leito_http::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes, below the API's base path.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list::list_simulations))
        .routes(routes!(list::list_simulations_of_bed))
        .routes(routes!(compare::compare_simulations))
        .routes(routes!(compare::compare_simulations_csv))
        .routes(routes!(show::show_simulation, delete::delete_simulation))
        .routes(routes!(files::zip_simulation_files))
        .routes(routes!(rerun::rerun_simulation))
}
