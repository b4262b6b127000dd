//! Bounds on what one request may take: bytes, time, and a panic that stays its own.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::Extensions;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;

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
pub(crate) fn body_size(request: &mut Request) {
    DefaultBodyLimit::max(max_body_bytes(request.extensions())).apply(request);
}

/// The longest a long poll may wait.
pub const MAX_WAIT: Duration = Duration::from_secs(20);

/// The time in which an answer must begin: below the 30 s after which API Gateway gives up.
const MAX_TIME: Duration = Duration::from_secs(27);

/// Answers in time and without a panic, or says that it could not. What has not been committed by then is undone; what
/// has been stays, and the same idempotency key finds its answer.
pub(crate) async fn bounded(answer: impl Future<Output = Response>) -> Response {
    // What a panic leaves behind is what a dropped request leaves behind: nothing that others see.
    let survived = AssertUnwindSafe(answer).catch_unwind();
    match tokio::time::timeout(MAX_TIME, survived).await {
        Ok(Ok(response)) => response,
        Ok(Err(panic)) => after_panic(&*panic),
        Err(_) => {
            let detail = format!("no answer within {} s", MAX_TIME.as_secs());
            Problem::new(Code::TimedOut, detail).into_response()
        }
    }
}

/// What a caller sees of a panic; its words go to the log.
fn after_panic(panic: &(dyn Any + Send)) -> Response {
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
