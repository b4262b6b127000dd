//! `Idempotency-Key` on every POST: one layer that takes the key, and the commit that stores the answer together with
//! what made it true. A crash between the two cannot happen, so a repeated request never does its work twice.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::Body;
use axum::extract::{FromRequestParts, MatchedPath, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use store::idempotency_keys::{self, Begin};
use store::{Client, Transaction};

use crate::extract::read_body;
use crate::{Actor, App, Code, Problem};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Kept in place of an answer that held a secret.
const SHOWN: StatusCode = StatusCode::CONFLICT;
/// Whose the keys are that come without credentials.
const NOBODY: &str = "nobody";

/// A key taken for this request.
#[derive(Debug)]
struct Claim {
    owner: String,
    route: String,
    key: String,
    request_hash: String,
    answered: AtomicBool,
}

impl Claim {
    fn request(&self) -> idempotency_keys::Request<'_> {
        idempotency_keys::Request {
            owner: &self.owner,
            route: &self.route,
            key: &self.key,
            request_hash: &self.request_hash,
        }
    }
}

/// Lets the first request with a key through and answers the others.
pub(crate) async fn once(app: &App, request: Request, next: Next) -> Response {
    let keyed = request.method() == Method::POST && request.headers().contains_key(KEY);
    match request.extensions().get::<MatchedPath>().cloned() {
        Some(route) if keyed => first_only(app, &route, request, next)
            .await
            .unwrap_or_else(Problem::into_response),
        _ => next.run(request).await,
    }
}

async fn first_only(
    app: &App,
    route: &MatchedPath,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let key = valid_key(request.headers())?;
    let (mut parts, body) = request.into_parts();
    let body = read_body(Request::from_parts(parts.clone(), body), &()).await?;
    let owner = parts.extensions.get::<Actor>();
    let claim = Arc::new(Claim {
        owner: owner.map_or_else(|| NOBODY.to_owned(), |actor| actor.user_id.to_string()),
        route: format!("{} {}", parts.method, route.as_str()),
        key,
        request_hash: hash(app, &parts, &body),
        answered: AtomicBool::new(false),
    });
    // The connection goes back before the handler runs: on Lambda there is only one.
    let begun = idempotency_keys::begin(&app.store.client().await?, &claim.request()).await?;
    match begun {
        Begin::Answered(stored) => replay(stored),
        Begin::Running => Err(still_running()),
        Begin::Mismatch => {
            let detail = "this idempotency key was sent before with another request; use a new one";
            Err(Problem::new(Code::KeyReused, detail))
        }
        Begin::New => {
            parts.extensions.insert(Arc::clone(&claim));
            let response = next.run(Request::from_parts(parts, Body::from(body))).await;
            if !claim.answered.load(Ordering::Acquire) {
                // Nothing was changed: the same key may try again.
                idempotency_keys::forget(&app.store.client().await?, &claim.request()).await?;
            }
            Ok(response)
        }
    }
}

fn valid_key(headers: &HeaderMap) -> Result<String, Problem> {
    let key = headers
        .get(KEY)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(key.to_owned())
    } else {
        let detail = "Idempotency-Key must be 1 to 255 visible ASCII characters";
        Err(Problem::new(Code::InvalidHeader, detail))
    }
}

/// The whole request: the same key on another bed is another request. Keyed, because a body may hold a password, which
/// a plain hash of it would let anybody guess who can read the table.
fn hash(app: &App, parts: &Parts, body: &[u8]) -> String {
    let target = parts
        .uri
        .path_and_query()
        .map_or("", |target| target.as_str());
    hex::encode(app.tokens.seal(&[target.as_bytes(), body]))
}

fn still_running() -> Problem {
    let detail = "the first request with this idempotency key has not been answered yet";
    Problem::new(Code::StillRunning, detail)
        .with_header(header::RETRY_AFTER, HeaderValue::from_static("1"))
}

fn replay(stored: idempotency_keys::Answer) -> Result<Response, Problem> {
    let status = u16::try_from(stored.status_code)
        .ok()
        .and_then(|code| StatusCode::from_u16(code).ok());
    if status == Some(SHOWN) {
        let detail = "the request was carried out; its answer held a secret, which is shown once";
        return Err(Problem::new(Code::AlreadyAnswered, detail));
    }
    let mut response = (status.unwrap_or(StatusCode::OK), stored.body).into_response();
    for (name, value) in &stored.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(Problem::internal)?;
        let value = HeaderValue::from_str(value).map_err(Problem::internal)?;
        response.headers_mut().insert(name, value);
    }
    response
        .headers_mut()
        .insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}

/// The right to change something and to answer for it: what every POST handler takes.
#[derive(Debug, Clone)]
pub struct Change {
    claim: Option<Arc<Claim>>,
}

impl<S: Send + Sync> FromRequestParts<S> for Change {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(Self {
            claim: parts.extensions.get::<Arc<Claim>>().cloned(),
        })
    }
}

impl Change {
    /// Begins the one transaction of the request.
    pub async fn begin<'c>(&self, client: &'c mut Client) -> Result<Transaction<'c>, Problem> {
        Ok(client.transaction().await.map_err(store::Error::from)?)
    }

    /// Commits the change and its answer together.
    pub async fn commit(&self, tx: Transaction<'_>, answer: &Answer) -> Result<(), Problem> {
        if let Some(claim) = &self.claim {
            // Taken over by a repetition after this request was taken for dead: that one counts.
            if !idempotency_keys::finish(&tx, &claim.request(), &answer.stored()).await? {
                return Err(still_running());
            }
        }
        tx.commit().await.map_err(store::Error::from)?;
        if let Some(claim) = &self.claim {
            claim.answered.store(true, Ordering::Release);
        }
        Ok(())
    }
}

/// A successful answer to a POST, in the form in which it is kept for repetitions.
#[derive(Debug, Clone)]
pub struct Answer {
    status: StatusCode,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
    is_secret: bool,
}

impl Answer {
    /// The change is made, or was made before.
    pub fn ok(body: &impl Serialize) -> Result<Self, Problem> {
        Self::new(StatusCode::OK, body)
    }

    /// Something new exists at `path` (below the API's base path).
    pub fn created(path: &str, body: &impl Serialize) -> Result<Self, Problem> {
        Ok(Self::new(StatusCode::CREATED, body)?.located(path))
    }

    /// Work was begun; `path` is where to watch it.
    pub fn accepted(path: &str, body: &impl Serialize) -> Result<Self, Problem> {
        Ok(Self::new(StatusCode::ACCEPTED, body)?.located(path))
    }

    /// It is done, and there is nothing to say about it.
    pub fn no_content() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            headers: BTreeMap::new(),
            body: Vec::new(),
            is_secret: false,
        }
    }

    fn new(status: StatusCode, body: &impl Serialize) -> Result<Self, Problem> {
        let json = (
            header::CONTENT_TYPE.to_string(),
            "application/json".to_owned(),
        );
        Ok(Self {
            status,
            headers: BTreeMap::from([json]),
            body: serde_json::to_vec(body)?,
            is_secret: false,
        })
    }

    fn located(mut self, path: &str) -> Self {
        let address = format!("{}{path}", crate::BASE_PATH);
        self.headers.insert(header::LOCATION.to_string(), address);
        self
    }

    /// The same about a thing that can be updated: with the `ETag` that an update of it has to show.
    #[must_use]
    pub fn versioned(mut self, version: i32) -> Self {
        let tag = crate::etag::of(Some(version), &self.body);
        self.headers.insert(header::ETAG.to_string(), tag);
        self
    }

    /// The same with a secret in it: it is not kept, and a repetition is told so.
    #[must_use]
    pub fn shown_once(mut self) -> Self {
        self.is_secret = true;
        self.headers
            .insert(header::CACHE_CONTROL.to_string(), "no-store".to_owned());
        self
    }

    fn stored(&self) -> idempotency_keys::Answer {
        if self.is_secret {
            return idempotency_keys::Answer {
                status_code: i32::from(SHOWN.as_u16()),
                headers: BTreeMap::new(),
                body: Vec::new(),
            };
        }
        idempotency_keys::Answer {
            status_code: i32::from(self.status.as_u16()),
            headers: self.headers.clone(),
            body: self.body.clone(),
        }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.body).into_response();
        for (name, value) in &self.headers {
            // Names and values are made above, of plain characters.
            if let (Ok(name), Ok(value)) = (
                HeaderName::from_bytes(name.as_bytes()),
                HeaderValue::from_str(value),
            ) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}
