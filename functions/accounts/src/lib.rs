//! `/accounts` and `/api-keys`: who people are, how they come in, and what lets their programs in.

mod api_keys;
mod limits;
mod list;
mod log_in;
mod log_out;
mod me;
pub mod person;
mod refresh;
mod register;
mod role;
mod session;
mod show;
mod view;

use leito_http::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes, below the API's base path.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(register::register))
        .routes(routes!(log_in::log_in))
        .routes(routes!(refresh::refresh_log_in))
        .routes(routes!(log_out::log_out))
        .routes(routes!(me::show_me, me::update_me, me::delete_me))
        .routes(routes!(me::password::change_password))
        .routes(routes!(list::list_accounts))
        .routes(routes!(show::show_account))
        .routes(routes!(role::set_account_role))
        .routes(routes!(
            api_keys::list::list_api_keys,
            api_keys::create::create_api_key
        ))
        .routes(routes!(api_keys::revoke::revoke_api_key))
}
