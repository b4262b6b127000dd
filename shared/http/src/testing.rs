//! For tests alone (feature `testing`): a router in process, and a small client for it.
#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a test fails by panicking"
)]

use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, header};

use objects::Objects;
use queue::Queue;
use serde_json::Value;
use store::Store;
use tower::ServiceExt;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::{App, MEDIA_TYPE, Tokens, service};

/// State whose parts are all out of reach: enough for everything that decides before it asks.
pub async fn without_parts() -> App {
    let store = Store::connect(&store::Settings {
        wait: Duration::from_secs(1),
        ..store::Settings::new("postgres://nobody:nothing@127.0.0.1:1/none")
    });
    let endpoint = queue::Endpoint::emulator("http://127.0.0.1:1");
    let queue = queue::Settings {
        endpoint: endpoint.clone(),
        packing: queue::Name::new("http://127.0.0.1:1/packing"),
        flow: queue::Name::new("http://127.0.0.1:1/flow"),
    };
    let objects = objects::Settings {
        endpoint,
        ..objects::Settings::new("none")
    };
    app(
        store.unwrap(),
        queue::Queue::connect(&queue).await,
        objects::Objects::connect(&objects).await,
    )
}

/// The same with a database that answers.
pub async fn with_store(store: Store) -> App {
    let mut app = without_parts().await;
    app.store = store;
    app
}

/// The state over given parts, with a secret for tokens that tests alone use.
pub fn app(store: Store, queue: Queue, objects: Objects) -> App {
    App::new(store, queue, objects, Tokens::new(&[7; 32]))
}

/// The same service for somebody who has just logged in, unless a request brings credentials of its own.
pub fn signed_in(service: Router, app: &App, user_id: Uuid) -> Router {
    let token = app.tokens.issue(user_id, user_id, app.clock.now()).unwrap();
    let bearer = HeaderValue::from_str(&format!("Bearer {token}")).unwrap();
    let with_token = move |mut request: Request<Body>| {
        request
            .headers_mut()
            .entry(header::AUTHORIZATION)
            .or_insert_with(|| bearer.clone());
        request
    };
    Router::new().fallback_service(
        tower::ServiceBuilder::new()
            .map_request(with_token)
            .service(service),
    )
}

/// The service around toy routes.
pub async fn around(routes: Router<App>) -> Router {
    service(OpenApiRouter::from(routes), without_parts().await)
}

/// A whole answer.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// A header's text; empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The body as JSON, if the status is this one.
    #[track_caller]
    pub fn is(&self, status: u16) -> Value {
        let json = self.json();
        assert_eq!(self.status.as_u16(), status, "{json}");
        json
    }

    /// Checks that this is a whole problem of this kind.
    #[track_caller]
    pub fn is_problem(&self, status: u16, code: &str) -> Value {
        let json = self.json();
        assert_eq!(
            (self.status.as_u16(), json["code"].as_str()),
            (status, Some(code)),
            "{json}"
        );
        assert_eq!(self.header("content-type"), MEDIA_TYPE);
        assert_eq!(json["status"], status);
        assert_eq!(json["type"], format!("urn:leito:problem:{code}"));
        assert_eq!(json["request_id"], self.header("x-request-id"));
        assert!(
            json["title"].is_string() && json["detail"].is_string(),
            "{json}"
        );
        json
    }
}

/// Sends a request.
pub async fn send(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: to_bytes(body, usize::MAX).await.unwrap().to_vec(),
    }
}

/// A GET.
pub fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

/// A POST of JSON.
pub fn post(path: &str, body: impl Into<Body>) -> Request<Body> {
    Request::post(path)
        .header("content-type", "application/json")
        .body(body.into())
        .unwrap()
}
