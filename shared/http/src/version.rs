//! Optimistic updates. The `ETag` of a thing that can be updated is `"<version>-<hash of the body>"`: the whole of it
//! decides whether a poll finds something new, the version alone whether an update is based on what is stored. So what
//! changes around the thing, such as the state of its jobs, refuses nobody's update.

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::{Code, Problem, etag};

/// A JSON answer about a thing that can be updated: what a GET of it gives.
#[derive(Debug, Clone)]
pub struct Versioned<T> {
    /// The row's version, which grows with every update.
    pub version: i32,
    /// What is sent.
    pub body: T,
}

impl<T: Serialize> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        let body = match serde_json::to_vec(&self.body) {
            Ok(body) => body,
            Err(error) => return Problem::internal(error).into_response(),
        };
        let tag = etag::of(Some(self.version), &body);
        let mut response = Response::new(Body::from(body));
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            headers.insert(header::ETAG, tag);
        }
        response
    }
}

/// The `If-Match` header, which an update must have: the `ETag` of what the caller read, or `*` for whatever is there.
/// As an extractor it refuses a request without one (428).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IfMatch(Wanted);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    Anything,
    OneOf(Vec<i32>),
}

impl IfMatch {
    /// Refuses (412) unless the row, locked by this transaction, is still what the caller read.
    pub fn check(&self, version: i32) -> Result<(), Problem> {
        match &self.0 {
            Wanted::Anything => Ok(()),
            Wanted::OneOf(versions) if versions.contains(&version) => Ok(()),
            Wanted::OneOf(_) => {
                let detail = "somebody changed it after you read it; read it again and repeat the change on that";
                Err(Problem::new(Code::PreconditionFailed, detail))
            }
        }
    }

    fn read(headers: &HeaderMap) -> Option<Self> {
        let mut tags = headers
            .get_all(header::IF_MATCH)
            .iter()
            .flat_map(|value| value.to_str().unwrap_or_default().split(','))
            .map(str::trim)
            .peekable();
        tags.peek()?;
        let tags: Vec<_> = tags.collect();
        Some(Self(if tags.contains(&"*") {
            Wanted::Anything
        } else {
            Wanted::OneOf(tags.into_iter().filter_map(version_of).collect())
        }))
    }
}

/// Strong comparison (RFC 9110, 13.1.1): a weak tag never matches, nor does one that is not ours.
fn version_of(tag: &str) -> Option<i32> {
    let inside = tag.strip_prefix('"')?.strip_suffix('"')?;
    let (version, _) = inside.split_once('-').unwrap_or((inside, ""));
    version.parse().ok()
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::read(&parts.headers).ok_or_else(|| {
            let detail =
                "send If-Match with the ETag of what you read, so that nobody's change is lost";
            Problem::new(Code::PreconditionRequired, detail)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(sent: &'static str, version: i32) -> Option<bool> {
        let headers = HeaderMap::from_iter([(header::IF_MATCH, HeaderValue::from_static(sent))]);
        IfMatch::read(&headers).map(|wanted| wanted.check(version).is_ok())
    }

    #[test]
    fn the_version_of_a_tag_counts_and_the_rest_of_it_does_not() {
        for sent in ["\"3-abc\"", "\"3\"", "\"2-a\", \"3-b\"", "*"] {
            assert_eq!(admits(sent, 3), Some(true), "{sent}");
        }
        for sent in ["\"4-abc\"", "\"33\"", "W/\"3-abc\"", "3", "\"abc\"", ""] {
            assert_eq!(admits(sent, 3), Some(false), "{sent}");
        }
        assert_eq!(IfMatch::read(&HeaderMap::new()), None);
    }
}
