//! The routes of this function over parts of their own.

use axum::Router;
use leito_http::testing::{self, post, send, signed_in};
use leito_http::{App, service};
use serde_json::{Value, json};
use testkit::{Cloud, Database, another, database, rows};
use uuid::Uuid;

pub struct Service {
    pub router: Router,
    pub app: App,
    pub cloud: Cloud,
    _database: Database,
}

pub async fn serving() -> Service {
    serving_as(|app| app).await
}

pub async fn serving_as(change: impl FnOnce(App) -> App) -> Service {
    let (cloud, database) = (Cloud::new().await, database().await);
    let app = change(testing::app(
        database.store().clone(),
        cloud.queue.clone(),
        cloud.objects.clone(),
    ));
    Service {
        router: signed_in(service(beds::router(), app.clone()), &app, rows::USER),
        app,
        cloud,
        _database: database,
    }
}

impl Service {
    /// The same service for somebody else, who has this role in the project or none.
    pub async fn for_another(&self, role: Option<&str>) -> Router {
        self.with_another(role).await.0
    }

    /// The same, and who that is.
    pub async fn with_another(&self, role: Option<&str>) -> (Router, Uuid) {
        let role = role.map(|role| role.parse().unwrap());
        let id = another(&self.app.store, role).await;
        let router = service(beds::router(), self.app.clone());
        (signed_in(router, &self.app, id), id)
    }

    /// Numbers and words of the database, such as a count.
    pub async fn sql(&self, query: &str) -> String {
        let client = self.app.store.client().await.unwrap();
        let row = client.query_one(query, &[]).await.unwrap();
        row.try_get::<_, i64>(0)
            .map_or_else(|_| row.get(0), |number| number.to_string())
    }

    /// A stored bed's id.
    pub async fn bed(&self) -> String {
        self.bed_named("demo").await
    }

    /// The id of a stored bed of this name.
    pub async fn bed_named(&self, name: &str) -> String {
        let mut spec = spec();
        spec["name"] = json!(name);
        let created = send(
            &self.router,
            post("/api/v1/beds", json!({ "spec": spec }).to_string()),
        )
        .await;
        created.is(201)["id"].as_str().unwrap().to_owned()
    }

    /// The bodies of the messages that wait in the queue of this kind.
    pub async fn messages(&self, kind: job::Kind) -> Vec<Value> {
        let waiting = self
            .cloud
            .queue
            .receive(self.cloud.queue.of(kind), 10, 1, 30)
            .await
            .unwrap();
        waiting
            .iter()
            .map(|delivery| serde_json::from_str(&delivery.body).unwrap())
            .collect()
    }
}

/// A bed that can be: 100 spheres, N = 4.
pub fn spec() -> Value {
    json!({
        "name": "demo",
        "geometry": { "diameter_m": 0.02, "height_m": 0.1 },
        "particles": { "diameter_m": 0.005, "count": 100 },
        "flow": { "velocities_m_s": [0.05, 0.1], "quality": "draft" },
    })
}
