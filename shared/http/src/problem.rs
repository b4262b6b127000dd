//! Refusals and failures as problem+json (RFC 9457). What happened inside is logged, never shown.

use std::sync::Arc;

use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

mod code;
mod from;

pub use code::Code;

/// The media type of every answer that is not a success.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// The error behind a problem: for the log alone.
pub type Cause = Arc<dyn std::error::Error + Send + Sync>;

/// Why a request was not carried out.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// Names the kind of problem; the same for each `code`.
    #[serde(rename = "type")]
    #[schema(format = "uri", example = "urn:leito:problem:not_found")]
    kind: String,
    /// The kind of problem in a few words, the same every time.
    #[schema(value_type = String)]
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What was wrong with this very request.
    detail: String,
    /// The kind of problem, for programs.
    code: Code,
    /// Names the request in Leito's log.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    /// Each thing that is wrong with the input.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
    #[serde(skip)]
    #[schema(ignore)]
    cause: Option<Cause>,
    #[serde(skip)]
    #[schema(ignore)]
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// One thing that is wrong with the input, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// JSON pointer (RFC 6901) into the request's body; empty for the body as a whole.
    #[schema(example = "/spec/geometry/diameter_m")]
    pub pointer: String,
    /// What is wrong, and what would be right.
    pub message: String,
    /// Line in the text that `pointer` names, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Column in the text that `pointer` names, from 1, in characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// What was probably meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl FieldError {
    /// Something wrong at `pointer`.
    pub fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            message: message.into(),
            ..Self::default()
        }
    }
}

impl Problem {
    /// A problem of this kind; `detail` is for people and says nothing internal.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:leito:problem:{}", code.as_str()),
            title: code.title(),
            status: code.status().as_u16(),
            detail: detail.into(),
            code,
            request_id: None,
            errors: Vec::new(),
            cause: None,
            headers: Vec::new(),
        }
    }

    /// There is no such thing, or none that the caller may know of.
    pub fn not_found(what: &str, id: impl std::fmt::Display) -> Self {
        Self::new(Code::NotFound, format!("there is no {what} {id}"))
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
        self.errors.extend(errors);
        self
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Keeps the error behind this for the log.
    #[must_use]
    pub fn caused_by(mut self, cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.cause = Some(Arc::new(cause));
        self
    }

    /// Says which request this is about.
    #[must_use]
    pub fn for_request(mut self, request_id: &str) -> Self {
        self.request_id = Some(request_id.to_owned());
        self
    }

    /// The kind of problem.
    pub fn code(&self) -> Code {
        self.code
    }

    /// What each input error says.
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// The error behind this and everything behind that, in one line.
    pub fn cause_chain(&self) -> Option<String> {
        let mut next: Option<&dyn std::error::Error> = Some(self.cause.as_deref()?);
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
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (self.code.status(), body).into_response();
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        for (name, value) in &self.headers {
            response.headers_mut().insert(name, value.clone());
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// The status of an answer that has to be made where nothing can fail any more.
impl From<Problem> for StatusCode {
    fn from(problem: Problem) -> Self {
        problem.code.status()
    }
}
