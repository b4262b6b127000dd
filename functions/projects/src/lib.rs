//! `/projects`: who works together on what.

mod create;
mod delete;
mod list;
mod members;
mod rules;
mod show;
mod update;
mod view;

use leito_http::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes, below the API's base path.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list::list_projects, create::create_project))
        .routes(routes!(
            show::show_project,
            update::update_project,
            delete::delete_project
        ))
        .routes(routes!(
            members::list::list_members,
            members::add::add_member
        ))
        .routes(routes!(
            members::change::change_member,
            members::remove::remove_member
        ))
}
