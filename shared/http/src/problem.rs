//! Refusals and failures as problem+json (RFC 9457). What happened inside is logged, never shown.

use std::sync::Arc;

use axum::http::HeaderValue;
use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::response::{IntoResponse, Response};

mod body;
mod code;
mod from;

pub(crate) use body::Body;
pub use body::FieldError;
pub use code::Code;

/// The media type of every answer that is not a success.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// The error behind a problem: for the log alone.
pub type Cause = Arc<dyn std::error::Error + Send + Sync>;

/// Why a request was not carried out.
#[derive(Debug, Clone)]
pub struct Problem(Box<Inside>);

#[derive(Debug, Clone)]
struct Inside {
    body: Body,
    cause: Option<Cause>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Problem {
    /// A problem of this kind; `detail` is for people and says nothing internal.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        let body = Body {
            kind: format!("urn:leito:problem:{}", code.as_str()),
            title: code.title(),
            status: code.status().as_u16(),
            detail: detail.into(),
            code,
            request_id: None,
            errors: Vec::new(),
        };
        Self(Box::new(Inside {
            body,
            cause: None,
            headers: Vec::new(),
        }))
    }

    /// There is no such thing, or none that the caller may know of.
    pub fn not_found(what: &str, id: impl std::fmt::Display) -> Self {
        Self::new(Code::NotFound, format!("there is no {what} {id}"))
    }

    /// There is another one of this name.
    pub fn name_taken(what: &str, name: &str) -> Self {
        let detail = format!("there is another {what} named `{name}` here; choose another name");
        Self::new(Code::NameTaken, detail)
    }

    /// A failure of ours.
    pub fn internal(cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        let detail = "something went wrong on our side; the request id finds it in the log";
        Self::new(Code::Internal, detail).caused_by(cause)
    }

    /// A part that Leito needs does not answer: worth trying again.
    pub fn unavailable(cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        let detail = "a part that this request needs does not answer; try again in a moment";
        Self::new(Code::Unavailable, detail)
            .caused_by(cause)
            .with_header(
                axum::http::header::RETRY_AFTER,
                HeaderValue::from_static("2"),
            )
    }

    /// Adds what is wrong with the input, piece by piece.
    #[must_use]
    pub fn with_errors(mut self, errors: impl IntoIterator<Item = FieldError>) -> Self {
        self.0.body.errors.extend(errors);
        self
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.push((name, value));
        self
    }

    /// Keeps the error behind this for the log.
    #[must_use]
    pub fn caused_by(mut self, cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.0.cause = Some(Arc::new(cause));
        self
    }

    /// Says which request this is about.
    #[must_use]
    pub fn for_request(mut self, request_id: &str) -> Self {
        self.0.body.request_id = Some(request_id.to_owned());
        self
    }

    /// The kind of problem.
    pub fn code(&self) -> Code {
        self.0.body.code
    }

    /// What was wrong with this very request.
    pub fn detail(&self) -> &str {
        &self.0.body.detail
    }

    /// What each input error says.
    pub fn errors(&self) -> &[FieldError] {
        &self.0.body.errors
    }

    /// The error behind this and everything behind that, in one line.
    pub fn cause_chain(&self) -> Option<String> {
        let mut next: Option<&dyn std::error::Error> = Some(self.0.cause.as_deref()?);
        let mut chain = Vec::new();
        while let Some(error) = next {
            chain.push(error.to_string());
            next = error.source();
        }
        Some(chain.join(": "))
    }
}

/// The problem also travels as an extension, so that the outermost layer can add the request id and log the cause.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self.0.body).unwrap_or_default();
        let mut response = (self.code().status(), body).into_response();
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        for (name, value) in &self.0.headers {
            response.headers_mut().insert(name, value.clone());
        }
        response.extensions_mut().insert(self);
        response
    }
}
