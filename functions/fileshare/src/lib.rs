//! `/fileshare`: links under which somebody without an account may fetch a file or a study, and the public page that
//! answers them.

mod create;
mod list;
mod public;
mod revoke;
mod show;
mod view;

use leito_http::{App, Routes};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes below the API's base path: the links themselves.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(create::create_share_link))
        .routes(routes!(list::list_share_links))
        .routes(routes!(show::show_share_link))
        .routes(routes!(revoke::revoke_share_link))
}

/// The routes at the root: what a link leads to.
pub fn public() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(public::open_share_link, public::unlock_share_link))
}

/// All of them.
pub fn routes() -> Routes {
    Routes::from(router()).at_root(public())
}
