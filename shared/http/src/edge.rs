//! The outermost layer: every request gets an id, one log line, and problems that name the id.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use tracing::{Instrument, error, info, info_span, warn};

use crate::traffic::{self, Answered};
use crate::{App, Problem};

/// Carries the id, both ways.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The request's id, for handlers and layers inside.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// Runs around everything else.
pub(crate) async fn edge<Answer: Future<Output = Response>>(
    app: &App,
    mut request: Request,
    answer: impl FnOnce(Request) -> Answer,
) -> Response {
    let id = accepted(request.headers()).unwrap_or_else(|| app.ids.next().to_string());
    request.extensions_mut().insert(RequestId(id.clone()));
    let (method, path) = (
        request.method().clone(),
        without_secret(&request).to_owned(),
    );
    let span = info_span!("request", request_id = id, %method, path);
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("none", MatchedPath::as_str).to_owned();
    let began = Instant::now();
    let response = answer(request).instrument(span.clone()).await;
    span.in_scope(|| log(&response, began));
    let answered = Answered {
        route,
        method: traffic::word(&method),
        status: response.status().as_u16(),
    };
    app.traffic.answered(answered, began.elapsed());
    finish(response, &id)
}

/// The path for the log: a token in it opens what it leads to, and stays out.
fn without_secret(request: &Request) -> &str {
    let route = request.extensions().get::<MatchedPath>();
    route
        .map(MatchedPath::as_str)
        .filter(|route| route.contains("{token}"))
        .unwrap_or_else(|| request.uri().path())
}

/// An id from outside is kept when it is short and plain: it goes into headers and log lines.
fn accepted(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    ((1..=64).contains(&id.len()) && id.chars().all(plain)).then(|| id.to_owned())
}

fn log(response: &Response, began: Instant) {
    let status = response.status().as_u16();
    let duration_ms = began.elapsed().as_secs_f64() * 1e3;
    let problem = response.extensions().get::<Problem>();
    let code = problem.map(|problem| problem.code().as_str());
    match problem.and_then(Problem::cause_chain) {
        Some(cause) if status == 500 => error!(status, duration_ms, code, cause, "answered"),
        Some(cause) => warn!(status, duration_ms, code, cause, "answered"),
        None => info!(status, duration_ms, code, "answered"),
    }
}

fn finish(mut response: Response, id: &str) -> Response {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        response = problem.for_request(id).into_response();
    }
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, value);
    }
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-cache"));
    response
}

/// What answers where there is no route.
pub(crate) async fn no_such_route(request: Request) -> Problem {
    Problem::new(
        crate::Code::NoSuchRoute,
        format!("there is nothing at {}", request.uri().path()),
    )
}

/// What answers where the route does not know the method.
pub(crate) async fn method_not_allowed(path: Option<MatchedPath>, request: Request) -> Problem {
    let path = path
        .as_ref()
        .map_or_else(|| request.uri().path(), MatchedPath::as_str);
    let detail = format!("{path} does not know {}", request.method());
    Problem::new(crate::Code::MethodNotAllowed, detail)
}
