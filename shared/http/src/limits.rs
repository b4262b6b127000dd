//! Bounds on what one request may take: bytes, time, and a panic that stays its own.

use std::any::Any;
use std::time::Duration;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::{Code, Problem};

/// The largest body that is read: a bed of a thousand lines is a tenth of it.
pub const MAX_BODY_BYTES: usize = 256 * 1024;

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
