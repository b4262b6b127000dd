//! `/beds`: describe a bed, have it packed, have its flow computed, get the files.

mod create;
mod files;
mod generate;
mod show;
mod simulate;
mod view;

use leito_http::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes, below the API's base path.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(create::create_bed))
        .routes(routes!(show::show_bed))
        .routes(routes!(generate::generate_packing))
        .routes(routes!(simulate::simulate_flow))
        .routes(routes!(files::list_files))
        .routes(routes!(files::download::download_file))
}
