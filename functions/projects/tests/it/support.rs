//! The routes of this function over a database of their own, with people to call them.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use leito_http::testing::{Answer, send, with_store};
use leito_http::{App, service};
use serde_json::{Value, json};
use store::{Client, users};
use testkit::{Database, database, rows};
use uuid::Uuid;

pub struct Service {
    pub router: Router,
    pub app: App,
    _database: Database,
}

pub async fn serving() -> Service {
    let database = database().await;
    let app = with_store(database.store().clone()).await;
    Service {
        router: service(projects::router(), app.clone()),
        app,
        _database: database,
    }
}

impl Service {
    pub async fn client(&self) -> Client {
        self.app.store.client().await.unwrap()
    }

    /// Somebody new.
    pub async fn somebody(&self) -> Uuid {
        let user = rows::user(self.app.ids.next());
        let mut client = self.client().await;
        let tx = client.transaction().await.unwrap();
        users::insert(&tx, &user).await.unwrap();
        tx.commit().await.unwrap();
        user.id
    }

    /// A request of somebody who has just logged in.
    pub fn request(&self, by: Uuid, method: &str, path: &str) -> axum::http::request::Builder {
        let token = self.app.tokens.issue(by, by, self.app.clock.now()).unwrap();
        Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
    }

    pub async fn call(&self, by: Uuid, method: &str, path: &str, body: &Value) -> Answer {
        let request = self.request(by, method, path);
        send(&self.router, request.body(body.to_string().into()).unwrap()).await
    }

    pub async fn get(&self, by: Uuid, path: &str) -> Answer {
        let request = self.request(by, "GET", path);
        send(&self.router, request.body(Body::empty()).unwrap()).await
    }

    /// The path of a new project that this person owns.
    pub async fn project(&self, owner: Uuid, name: &str) -> String {
        let made = self
            .call(owner, "POST", "/projects", &json!({ "name": name }))
            .await
            .is(201);
        format!("/projects/{}", made["id"].as_str().unwrap())
    }

    /// Takes somebody into a project.
    pub async fn add(&self, owner: Uuid, project: &str, member: Uuid, role: &str) -> Answer {
        let email = rows::user(member).email;
        let new = json!({ "email": email, "role": role });
        self.call(owner, "POST", &format!("{project}/members"), &new)
            .await
    }

    pub async fn audits(&self, action: &str) -> i64 {
        let sql = "SELECT count(*) FROM automation_audits WHERE kind = 'project' AND action = $1 AND project_id IS NOT NULL";
        let client = self.client().await;
        client.query_one(sql, &[&action]).await.unwrap().get(0)
    }
}
