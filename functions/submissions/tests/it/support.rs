//! The routes of this function, and those of beds and projects beside them, over parts of their own.

use axum::Router;
use job::{Claimed, Failure, Lease};
use leito_http::testing::{self, Answer, get, post, send, signed_in};
use leito_http::{App, service};
use serde_json::{Value, json};
use store::jobs::{self, Claim};
use store::results::Quantity;
use store::{project_members, results, simulations, users};
use testkit::{Cloud, Database, database, rows};
use uuid::Uuid;

pub struct Service {
    /// For the owner of the test's project.
    pub router: Router,
    pub app: App,
    pub cloud: Cloud,
    inner: Router,
    _database: Database,
}

pub async fn serving() -> Service {
    let (cloud, database) = (Cloud::new().await, database().await);
    let app = testing::app(
        database.store().clone(),
        cloud.queue.clone(),
        cloud.objects.clone(),
    );
    let routes = submissions::router()
        .merge(beds::router())
        .merge(projects::router());
    let inner = service(routes, app.clone());
    Service {
        router: signed_in(inner.clone(), &app, rows::USER),
        app,
        cloud,
        inner,
        _database: database,
    }
}

impl Service {
    /// The same service for somebody else, with a role in the project or none.
    pub async fn as_member(&self, role: Option<store::access::Role>) -> Router {
        let id = self.app.ids.next();
        let mut client = self.app.store.client().await.unwrap();
        let tx = client.transaction().await.unwrap();
        users::insert(&tx, &rows::user(id)).await.unwrap();
        if let Some(role) = role {
            project_members::insert(&tx, rows::PROJECT, id, role)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        signed_in(self.inner.clone(), &self.app, id)
    }

    /// Submits something and gives the whole answer.
    pub async fn submit(&self, kind: &str, payload: Value) -> Answer {
        let body = json!({ "kind": kind, "version": 1, "payload": payload });
        send(&self.router, post("/api/v1/submissions", body.to_string())).await
    }

    /// A study that was accepted.
    pub async fn study(&self) -> Value {
        self.submit_named("demo").await
    }

    /// A study of a bed of this name that was accepted.
    pub async fn submit_named(&self, name: &str) -> Value {
        self.submit("packed-bed-study", json!({ "spec": spec(name) }))
            .await
            .is(202)
    }

    pub async fn show(&self, submission: &Value) -> Value {
        send(&self.router, get(&path(submission, ""))).await.is(200)
    }

    pub async fn post(&self, submission: &Value, action: &str) -> Answer {
        send(&self.router, post(&path(submission, action), "")).await
    }

    /// How many rows a table has.
    pub async fn count(&self, table: &str) -> i64 {
        let client = self.app.store.client().await.unwrap();
        let count = format!("SELECT count(*) FROM {table}");
        client.query_one(&count, &[]).await.unwrap().get(0)
    }

    pub async fn run(&self, statements: &str) {
        let client = self.app.store.client().await.unwrap();
        client.batch_execute(statements).await.unwrap();
    }

    pub async fn claim(&self, job: Uuid) -> Claimed {
        let client = self.app.store.client().await.unwrap();
        let lease = Lease::new(self.app.ids.next());
        match jobs::claim(&client, job, lease).await.unwrap() {
            Claim::Won(claimed) => *claimed,
            lost => panic!("not won: {lost:?}"),
        }
    }

    pub async fn fail(&self, job: Uuid) {
        let claimed = self.claim(job).await;
        let mut client = self.app.store.client().await.unwrap();
        let tx = client.transaction().await.unwrap();
        let failure = Failure::permanent("not_settled", "the packing did not settle");
        jobs::fail(&tx, &claimed, &failure).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Does what the workers would: completes every job of the submission, with a number for each simulation.
    pub async fn work(&self, submission: &Value) {
        for job in ids(&submission["jobs"]) {
            let claimed = self.claim(job).await;
            let mut client = self.app.store.client().await.unwrap();
            let tx = client.transaction().await.unwrap();
            if let Some(simulation) = claimed.job.simulation_id {
                results::insert(&tx, simulation, &[number()]).await.unwrap();
                let comparison = json!({
                    "name": "Ergun 1952", "pressure_gradient_pa_m": 100.0, "in_range": true, "range": "1 ≤ Re_m ≤ 2300",
                });
                let summary = json!({ "flows": [{ "comparisons": [comparison] }] });
                simulations::summarise(&tx, simulation, None, &summary)
                    .await
                    .unwrap();
            }
            jobs::complete(&tx, &claimed).await.unwrap();
            tx.commit().await.unwrap();
        }
    }
}

fn number() -> Quantity {
    Quantity {
        velocity_index: 0,
        superficial_velocity_m_s: 0.05,
        quantity: "pressure_gradient_pa_m".to_owned(),
        value: 90.0,
        unit: "Pa/m".to_owned(),
        uncertainty: None,
    }
}

pub fn path(submission: &Value, action: &str) -> String {
    let id = submission["id"].as_str().unwrap();
    format!("/api/v1/submissions/{id}{action}")
}

pub fn ids(list: &Value) -> Vec<Uuid> {
    let list = list.as_array().unwrap().iter();
    list.map(|id| id.as_str().unwrap().parse().unwrap())
        .collect()
}

/// A bed that can be: 100 spheres, N = 4.
pub fn spec(name: &str) -> Value {
    json!({
        "name": name,
        "geometry": { "diameter_m": 0.02, "height_m": 0.1 },
        "particles": { "diameter_m": 0.005, "count": 100 },
        "flow": { "velocities_m_s": [0.05], "quality": "draft" },
    })
}
