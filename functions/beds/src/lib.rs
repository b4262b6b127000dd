//! `/beds`: describe a bed, have it packed, have its flow computed, get the files.

mod create;
mod delete;
mod duplicate;
mod files;
mod generate;
mod given;
mod search;
mod show;
mod simulate;
mod source;
mod update;
mod upload;
mod uploads;
mod view;

use leito_http::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes, below the API's base path.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(create::create_bed, search::list_beds))
        .routes(routes!(
            show::show_bed,
            update::update_bed,
            delete::delete_bed
        ))
        .routes(routes!(duplicate::duplicate_bed))
        .routes(routes!(source::export_bed))
        .routes(routes!(generate::generate_packing))
        .routes(routes!(simulate::simulate_flow))
        .routes(routes!(files::list_files))
        .routes(routes!(files::zip::zip_bed_files))
        .routes(routes!(
            files::download::download_file,
            files::delete::delete_file
        ))
        .routes(routes!(upload::upload_file))
        .routes(routes!(uploads::start_upload, uploads::list_uploads))
        .routes(routes!(
            uploads::show::show_upload,
            uploads::abort::abort_upload
        ))
        .routes(routes!(uploads::complete::complete_upload))
}
