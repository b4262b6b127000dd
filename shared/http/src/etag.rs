//! `ETag` on every JSON answer to a GET, and 304 for a caller that has it already. Clients poll, and most polls find
//! nothing new. The tag of a thing that can be updated also holds its version: see `crate::version`.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use xxhash_rust::xxh3::xxh3_128;

use crate::Problem;

/// What is remembered of a request until its answer gets its tag: what the caller has already, if it polls.
pub(crate) struct Known(Option<Vec<HeaderValue>>);

impl Known {
    pub fn of(request: &Request) -> Self {
        let polls = request.method() == Method::GET;
        Self(polls.then(|| known(request.headers())))
    }

    /// The answer with its tag, if it is one that gets one, or the word that nothing changed.
    pub async fn tag(self, response: Response) -> Response {
        match self.0 {
            Some(known) if response.status() == StatusCode::OK && is_json(response.headers()) => {
                tagged(response, &known).await
            }
            _ => response,
        }
    }
}

/// JSON answers are whole in memory already, so reading them costs nothing.
async fn tagged(response: Response, known: &[HeaderValue]) -> Response {
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

/// The tag of this body; of a thing that can be updated, its version stands first. Whoever makes up two bodies with one
/// tag fools only those who read what they may write, so that a quick hash is enough.
pub(crate) fn of(version: Option<i32>, body: &[u8]) -> String {
    let hash = xxh3_128(body);
    match version {
        Some(version) => format!("\"{version}-{hash:032x}\""),
        None => format!("\"{hash:032x}\""),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes() == b"application/json")
}

/// The tags of what the caller has already.
pub(crate) fn known(headers: &HeaderMap) -> Vec<HeaderValue> {
    let known = headers.get_all(header::IF_NONE_MATCH);
    known.iter().cloned().collect()
}

/// Weak comparison (RFC 9110, 13.1.2): what counts is the text between the quotes.
pub(crate) fn matches(known: &[HeaderValue], tag: &str) -> bool {
    known
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
            assert!(matches(&known(&sent(value)), "\"a\""), "{value}");
        }
        assert!(!matches(&known(&sent("\"ab\", a")), "\"a\""));
        assert!(!matches(&[], "\"a\""));
    }
}
