//! JSON bodies: size, depth and text are checked before anything is built from them.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{Code, FieldError, Problem};

/// Arrays and objects inside each other; a bed needs four.
const MAX_DEPTH: usize = 16;

/// A body that must be there; or an answer's.
#[derive(Debug)]
pub struct Json<T>(pub T);

/// A body that may be left out; then it is the default.
#[derive(Debug)]
pub struct MaybeJson<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let is_json = names_json(request.headers());
        let body = read_body(request, state).await?;
        if is_json {
            from_json(&body).map(Self)
        } else {
            Err(not_json())
        }
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
            Err(error) => Problem::internal(error).into_response(),
        }
    }
}

impl<T: DeserializeOwned + Default, S: Send + Sync> FromRequest<S> for MaybeJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let is_json = names_json(request.headers());
        let body = read_body(request, state).await?;
        match (body.is_empty(), is_json) {
            (true, _) => Ok(Self(T::default())),
            (false, true) => from_json(&body).map(Self),
            (false, false) => Err(not_json()),
        }
    }
}

/// Reads the whole body, up to the limit that the router sets.
pub(crate) async fn read_body<S: Send + Sync>(
    request: Request,
    state: &S,
) -> Result<Bytes, Problem> {
    let limit = crate::limits::max_body_bytes(request.extensions()) / 1024;
    Bytes::from_request(request, state)
        .await
        .map_err(|rejection: BytesRejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                Problem::new(Code::TooLarge, format!("a body may have {limit} KiB"))
            } else {
                Problem::new(Code::InvalidJson, "the body did not arrive whole")
                    .caused_by(rejection)
            }
        })
}

fn names_json(headers: &HeaderMap) -> bool {
    let named = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = named
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json"))
}

fn not_json() -> Problem {
    Problem::new(
        Code::UnsupportedMediaType,
        "send the body with content-type: application/json",
    )
}

/// Reads a body, or a message that is like one.
pub fn from_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let value: Value = serde_json::from_slice(body).map_err(|error| {
        Problem::new(Code::InvalidJson, format!("the body is not JSON: {error}"))
    })?;
    check(&value, MAX_DEPTH, &mut String::new())?;
    serde_path_to_error::deserialize(value).map_err(|error| {
        let at = pointer(error.path());
        let message = error.into_inner().to_string();
        let detail = format!("the body does not fit at `{at}`: {message}");
        Problem::new(Code::InvalidBody, detail).with_errors([FieldError::new(at, message)])
    })
}

/// Refuses what is nested too deeply, and the character that no text in Postgres can hold.
fn check(value: &Value, depth: usize, at: &mut String) -> Result<(), Problem> {
    match value {
        Value::Array(_) | Value::Object(_) if depth == 0 => {
            let detail = format!("the body is nested more than {MAX_DEPTH} levels deep");
            Err(Problem::new(Code::InvalidBody, detail))
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(index, item)| inside(&index.to_string(), item, depth, at)),
        Value::Object(fields) => fields
            .iter()
            .try_for_each(|(name, field)| inside(name, field, depth, at)),
        Value::String(text) => refuse_nul(text, at),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

fn inside(name: &str, value: &Value, depth: usize, at: &mut String) -> Result<(), Problem> {
    refuse_nul(name, at)?;
    let before = at.len();
    push_token(at, name);
    check(value, depth - 1, at)?;
    at.truncate(before);
    Ok(())
}

fn refuse_nul(text: &str, at: &str) -> Result<(), Problem> {
    if !text.contains('\0') {
        return Ok(());
    }
    let message = "text cannot contain the character U+0000";
    Err(Problem::new(Code::InvalidBody, message).with_errors([FieldError::new(at, message)]))
}

/// Adds one step to a JSON pointer.
pub(crate) fn push_token(pointer: &mut String, token: &str) {
    pointer.push('/');
    pointer.push_str(&token.replace('~', "~0").replace('/', "~1"));
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter().fold(String::new(), |mut pointer, segment| {
        match segment {
            Segment::Seq { index } => push_token(&mut pointer, &index.to_string()),
            Segment::Map { key } => push_token(&mut pointer, key),
            Segment::Enum { variant } => push_token(&mut pointer, variant),
            Segment::Unknown => {}
        }
        pointer
    })
}
