//! A project with metrics, and people with different rights in it.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request};
use leito_http::testing::{get, post, send, signed_in, with_store};
use leito_http::{App, service};
use runtime::FixedClock;
use serde_json::{Value, json};
use store::users::{self, NewUser};
use testkit::{Database, database, rows};
use uuid::Uuid;

pub const NOON: &str = "2026-03-31T12:00:00Z";
pub const METRICS: &str = "/api/v1/metrics";
pub const DASHBOARDS: &str = "/api/v1/dashboards";
pub const VIEWER: Uuid = Uuid::from_u128(71);
pub const STRANGER: Uuid = Uuid::from_u128(72);
pub const ADMIN: Uuid = Uuid::from_u128(73);

pub struct World {
    /// Of the project's owner.
    pub router: Router,
    service: Router,
    pub app: App,
    _database: Database,
}

pub async fn world() -> World {
    let database = database().await;
    let mut app = with_store(database.store().clone()).await;
    app.clock = Arc::new(FixedClock::new(NOON.parse().unwrap()));
    let service = service(::dashboards::router(), app.clone());
    let world = World {
        router: signed_in(service.clone(), &app, rows::USER),
        service,
        app,
        _database: database,
    };
    world.people().await;
    world
}

impl World {
    async fn people(&self) {
        let mut client = self.app.store.client().await.unwrap();
        let tx = client.transaction().await.unwrap();
        for id in [VIEWER, STRANGER, ADMIN] {
            let person = NewUser {
                is_admin: id == ADMIN,
                ..rows::user(id)
            };
            users::insert(&tx, &person).await.unwrap();
        }
        let member = format!(
            "INSERT INTO project_members (project_id, user_id, role) VALUES ('{}', '{VIEWER}', 'viewer')",
            rows::PROJECT
        );
        tx.batch_execute(&member).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// The service for somebody else.
    pub fn as_user(&self, id: Uuid) -> Router {
        signed_in(self.service.clone(), &self.app, id)
    }

    /// Posts one metric or many that are all good.
    pub async fn post(&self, body: Value) -> Value {
        let answer = send(&self.router, post(METRICS, body.to_string()))
            .await
            .is(200);
        assert_eq!(answer["refused_count"], 0, "{answer}");
        answer
    }

    /// A course, as the project's owner sees it.
    pub async fn series(&self, query: &str) -> Value {
        send(&self.router, get(&format!("{METRICS}/series?{query}")))
            .await
            .is(200)
    }

    /// One number from the database.
    pub async fn count(&self, query: &str) -> i64 {
        let client = self.app.store.client().await.unwrap();
        client.query_one(query, &[]).await.unwrap().get(0)
    }
}

/// A metric of the project, so many minutes ago.
pub fn metric(minutes_ago: i64, processing_time_ms: f64) -> Value {
    let noon: jiff::Timestamp = NOON.parse().unwrap();
    json!({
        "project_id": rows::PROJECT, "kind": "import", "processing_time_ms": processing_time_ms,
        "timestamp": noon - jiff::SignedDuration::from_mins(minutes_ago),
    })
}

pub fn request(method: Method, path: &str, body: &Value, tag: Option<&str>) -> Request<Body> {
    let mut request = post(path, body.to_string());
    *request.method_mut() = method;
    if let Some(tag) = tag {
        request
            .headers_mut()
            .insert("if-match", tag.parse().unwrap());
    }
    request
}
