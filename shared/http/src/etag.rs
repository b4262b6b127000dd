//! `ETag` on every JSON answer to a GET, and 304 for a caller that has it already. Clients poll, and most polls find
//! nothing new. The tag of a thing that can be updated also holds its version: see `crate::version`.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::Problem;

pub(crate) async fn etag(request: Request, next: Next) -> Response {
    let polled = request.method() == Method::GET;
    let known = request.headers().clone();
    let response = next.run(request).await;
    if polled && response.status() == StatusCode::OK && is_json(response.headers()) {
        tag(response, &known).await
    } else {
        response
    }
}

/// JSON answers are whole in memory already, so reading them costs nothing.
async fn tag(response: Response, known: &HeaderMap) -> Response {
    let (mut parts, body) = response.into_parts();
    let body = match to_bytes(body, usize::MAX).await {
        Ok(body) => body,
        Err(error) => return Problem::internal(error).into_response(),
    };
    let tag = match parts.headers.get(header::ETAG) {
        Some(own) => own.to_str().unwrap_or_default().to_owned(),
        None => of(None, &body),
    };
    let unchanged = matches(known, &tag);
    if let Ok(value) = HeaderValue::from_str(&tag) {
        parts.headers.insert(header::ETAG, value);
    }
    if unchanged {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(body))
}

/// The tag of this body; of a thing that can be updated, its version stands first.
pub(crate) fn of(version: Option<i32>, body: &[u8]) -> String {
    let hash = &hex::encode(Sha256::digest(body))[..32];
    match version {
        Some(version) => format!("\"{version}-{hash}\""),
        None => format!("\"{hash}\""),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes() == b"application/json")
}

/// Weak comparison (RFC 9110, 13.1.2): what counts is the text between the quotes.
pub(crate) fn matches(known: &HeaderMap, tag: &str) -> bool {
    known
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static(value))])
    }

    #[test]
    fn any_tag_of_the_list_counts_and_weakness_does_not() {
        for value in ["\"a\"", "W/\"a\"", "\"b\", \"a\"", "*"] {
            assert!(matches(&sent(value), "\"a\""), "{value}");
        }
        assert!(!matches(&sent("\"ab\", a"), "\"a\""));
        assert!(!matches(&HeaderMap::new(), "\"a\""));
    }
}
