//! One router out of any functions' routes, with everything that is the same for every request around it.

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;

use crate::{App, auth, edge, etag, idempotency, limits, traffic};

/// Where the API begins.
pub const BASE_PATH: &str = "/api/v1";

/// Routes of functions: those below the API's base path, and those few that hang at the root.
#[derive(Clone, Default)]
pub struct Routes {
    api: OpenApiRouter<App>,
    root: OpenApiRouter<App>,
}

impl From<OpenApiRouter<App>> for Routes {
    fn from(api: OpenApiRouter<App>) -> Self {
        Self {
            api,
            root: OpenApiRouter::default(),
        }
    }
}

impl Routes {
    /// The same, and these at the root.
    #[must_use]
    pub fn at_root(mut self, routes: OpenApiRouter<App>) -> Self {
        self.root = self.root.merge(routes);
        self
    }

    /// All of them, added to `base`.
    pub(crate) fn onto(self, base: OpenApiRouter<App>) -> OpenApiRouter<App> {
        base.nest(BASE_PATH, self.api).merge(self.root)
    }
}

/// The service for one function's routes, or for those of several merged ones.
///
/// From outside in: request id and log, panics, time, body size, who asks, whose request counts, idempotency keys, entity
/// tags, the route.
pub fn service(routes: impl Into<Routes>, app: App) -> Router {
    let (routes, _) = routes
        .into()
        .onto(OpenApiRouter::default())
        .split_for_parts();
    routes
        .fallback(edge::no_such_route)
        .method_not_allowed_fallback(edge::method_not_allowed)
        .layer(from_fn(etag::etag))
        .layer(from_fn_with_state(app.clone(), idempotency::once))
        .layer(from_fn_with_state(app.clone(), traffic::by_user))
        .layer(from_fn_with_state(app.clone(), auth::identify))
        .layer(from_fn(limits::body_size))
        .layer(from_fn(limits::in_time))
        .layer(CatchPanicLayer::custom(limits::after_panic))
        .layer(from_fn_with_state(app.clone(), edge::edge))
        .with_state(app)
}
