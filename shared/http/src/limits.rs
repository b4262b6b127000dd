//! Bounds on what one request may take: bytes, time, and a panic that stays its own.

use std::any::Any;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::Extensions;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::{Code, Problem};

/// The largest body that is read: a bed of a thousand lines is a tenth of it.
pub const MAX_BODY_BYTES: usize = 256 * 1024;

/// The largest file that is sent in one request, larger ones come in parts: Lambda takes 6 MB, of which a file arrives
/// there in base64, four letters for three bytes.
pub const MAX_DIRECT_UPLOAD_BYTES: usize = 4 * 1024 * 1024;

/// The one route whose body is a file.
const UPLOAD: &str = "/beds/{id}/upload";
/// The one whose body is thousands of rows; Lambda takes as much as of a file.
const METRICS: &str = "/metrics";

/// The largest body that this request may have.
pub(crate) fn max_body_bytes(request: &Extensions) -> usize {
    let route = request.get::<MatchedPath>().map(MatchedPath::as_str);
    match route.and_then(|path| path.strip_prefix(crate::BASE_PATH)) {
        Some(UPLOAD | METRICS) => MAX_DIRECT_UPLOAD_BYTES,
        _ => MAX_BODY_BYTES,
    }
}

/// Says it to whatever reads the body.
pub(crate) async fn body_size(mut request: Request, next: Next) -> Response {
    DefaultBodyLimit::max(max_body_bytes(request.extensions())).apply(&mut request);
    next.run(request).await
}

/// The longest a long poll may wait.
pub const MAX_WAIT: Duration = Duration::from_secs(20);

/// The time in which an answer must begin: below the 30 s after which API Gateway gives up.
const MAX_TIME: Duration = Duration::from_secs(27);

/// Answers in time or says that it could not. What has not been committed by then is undone; what has been stays, and
/// the same idempotency key finds its answer.
pub(crate) async fn in_time(request: Request, next: Next) -> Response {
    tokio::time::timeout(MAX_TIME, next.run(request))
        .await
        .unwrap_or_else(|_| {
            let detail = format!("no answer within {} s", MAX_TIME.as_secs());
            Problem::new(Code::TimedOut, detail).into_response()
        })
}

/// What a caller sees of a panic; its words go to the log.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the signature that the layer asks for"
)]
pub(crate) fn after_panic(panic: Box<dyn Any + Send>) -> Response {
    let words = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no words");
    Problem::internal(std::io::Error::other(format!(
        "the handler panicked: {words}"
    )))
    .into_response()
}
