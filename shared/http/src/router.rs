//! One router out of any functions' routes, with everything that is the same for every request around it.

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
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
pub fn service(routes: impl Into<Routes>, app: App) -> Router {
    let (routes, _) = routes
        .into()
        .onto(OpenApiRouter::default())
        .split_for_parts();
    routes
        .fallback(edge::no_such_route)
        .method_not_allowed_fallback(edge::method_not_allowed)
        .layer(from_fn_with_state(app.clone(), around))
        .with_state(app)
}

/// What is around every route, in one layer: each layer of a router is copied for each request, and gone through whenever
/// the request goes on.
async fn around(State(app): State<App>, request: Request, next: Next) -> Response {
    let bounded = |request| limits::bounded(within_bounds(&app, request, next));
    edge::edge(&app, request, bounded).await
}

async fn within_bounds(app: &App, mut request: Request, next: Next) -> Response {
    limits::body_size(&mut request);
    let actor = match auth::identify(app, request.method(), request.headers()).await {
        Ok(actor) => actor,
        Err(problem) => return problem.into_response(),
    };
    if let Some(actor) = actor {
        request.extensions_mut().insert(actor);
    }
    let known = etag::Known::of(&request);
    let response = known.tag(idempotency::once(app, request, next).await).await;
    if let Some(actor) = actor {
        traffic::by_user(app, actor.user_id).await;
    }
    response
}
