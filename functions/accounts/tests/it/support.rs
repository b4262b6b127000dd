//! The routes of this function over a database of their own.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use leito_http::testing::{Answer, send, with_store};
use leito_http::{App, service};
use runtime::{Clock, FixedClock, SystemClock};
use serde_json::{Value, json};
use store::{Client, users};
use testkit::{Database, database};

pub const EMAIL: &str = "ada@example.org";
pub const PASSWORD: &str = "a long sentence";

pub struct Service {
    pub router: Router,
    pub app: App,
    pub clock: Arc<FixedClock>,
    _database: Database,
}

pub async fn serving() -> Service {
    let database = database().await;
    let clock = Arc::new(FixedClock::new(SystemClock.now()));
    let mut app = with_store(database.store().clone()).await;
    app.clock = clock.clone();
    Service {
        router: service(accounts::router(), app.clone()),
        app,
        clock,
        _database: database,
    }
}

/// What a caller has after a log-in.
#[derive(Debug, Clone)]
pub struct Tokens {
    pub access: String,
    pub refresh: String,
}

impl From<Value> for Tokens {
    fn from(answer: Value) -> Self {
        let text = |name: &str| answer[name].as_str().unwrap().to_owned();
        Self {
            access: text("access_token"),
            refresh: text("refresh_token"),
        }
    }
}

/// A request with or without credentials and body.
pub fn request(
    method: &str,
    path: &str,
    token: Option<&str>,
    body: Option<&Value>,
) -> Request<Body> {
    let mut request = Request::builder()
        .method(method)
        .uri(format!("/api/v1{path}"));
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    match body {
        Some(body) => request
            .header("content-type", "application/json")
            .body(body.to_string().into()),
        None => request.body(Body::empty()),
    }
    .unwrap()
}

/// The same request from this address.
pub fn from(address: &str, mut request: Request<Body>) -> Request<Body> {
    let peer: SocketAddr = format!("{address}:4711").parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    request
}

pub fn person(email: &str) -> Value {
    json!({ "name": "Ada Lovelace", "email": email, "password": PASSWORD })
}

pub fn credentials(email: &str, password: &str) -> Value {
    json!({ "email": email, "password": password })
}

impl Service {
    pub async fn client(&self) -> Client {
        self.app.store.client().await.unwrap()
    }

    pub async fn call(
        &self,
        method: &str,
        path: &str,
        token: &str,
        body: Option<&Value>,
    ) -> Answer {
        send(&self.router, request(method, path, Some(token), body)).await
    }

    /// A request of somebody who says nothing of themselves.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        send(&self.router, request("POST", path, None, Some(body))).await
    }

    pub async fn register(&self, email: &str) -> Value {
        self.post("/accounts", &person(email)).await.is(201)
    }

    pub async fn log_in(&self, email: &str) -> Tokens {
        let answer = self
            .post("/accounts/log-in", &credentials(email, PASSWORD))
            .await;
        answer.is(200).into()
    }

    /// Somebody registered and logged in.
    pub async fn member(&self, email: &str) -> Tokens {
        self.register(email).await;
        self.log_in(email).await
    }

    /// The same, as an administrator.
    pub async fn admin(&self, email: &str) -> Tokens {
        let tokens = self.member(email).await;
        let mut client = self.client().await;
        let user = users::find_by_email(&client, email).await.unwrap().unwrap();
        let tx = client.transaction().await.unwrap();
        users::set_role(&tx, user.id, true).await.unwrap();
        tx.commit().await.unwrap();
        tokens
    }

    pub async fn refresh(&self, token: &str) -> Answer {
        self.post("/accounts/refresh", &json!({ "refresh_token": token }))
            .await
    }

    /// One number that a statement gives.
    pub async fn count(&self, sql: &str) -> i64 {
        self.client()
            .await
            .query_one(sql, &[])
            .await
            .unwrap()
            .get(0)
    }

    pub async fn audits(&self, kind: &str, action: &str) -> i64 {
        self.count(&format!(
            "SELECT count(*) FROM automation_audits WHERE kind = '{kind}' AND action = '{action}'"
        ))
        .await
    }
}
