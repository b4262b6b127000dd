//! One study through the deployed system: API Gateway, functions, queues, workers, and back.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::time::Duration;

use embedded::postgres::{Postgres, PostgresSettings};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use system_tests::{Deployment, Worker};
use tokio::time::timeout;

const SOURCE: &str = include_str!("small.bed");
/// Far more than a study of this size takes.
const LIMIT: Duration = Duration::from_mins(10);

#[tokio::test]
#[ignore = "needs what `sam build` makes; ./dev deployed runs it"]
async fn a_bed_travels_through_the_deployed_api_to_the_workers_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let database = Postgres::start(&PostgresSettings {
        data: folder.path().join("database"),
    })
    .await
    .unwrap();
    let deployment = Deployment::start(&folder.path().join("cloud"), database.tcp_url())
        .await
        .unwrap();
    let nobody = Deployed {
        client: Client::new(),
        deployment: &deployment,
        token: String::new(),
    };
    assert_eq!(
        nobody.status("/beds/no-such-id").await,
        StatusCode::UNAUTHORIZED
    );
    let api = nobody.registered().await;
    assert_eq!(api.get("/health").await["status"], "ok");
    assert_eq!(
        api.status("/beds/no-such-id").await,
        StatusCode::BAD_REQUEST
    );
    let projects = api.get("/projects").await;
    assert_eq!(projects["projects"][0]["name"], "My studies", "{projects}");

    let bed = api.post("/beds", &json!({ "source": SOURCE })).await;
    let id = bed["id"].as_str().unwrap();
    let started = api.post(&format!("/beds/{id}/simulate"), &json!({})).await;
    let jobs: Vec<&str> = started["jobs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|job| job["id"].as_str().unwrap())
        .collect();
    assert_eq!(jobs.len(), 2, "a packing and a flow: {started}");

    let packer = Worker::start("bed-packer", &deployment, folder.path()).unwrap();
    let solver = Worker::start("flow-solver", &deployment, folder.path()).unwrap();
    for job in jobs {
        let ended = timeout(LIMIT, api.end_of(job)).await.expect("the job ends");
        assert_eq!(ended["status"], "completed", "{ended}");
    }

    let simulation = started["simulation"]["id"].as_str().unwrap();
    let result = api.get(&format!("/simulations/{simulation}")).await;
    assert_eq!(result["status"], "completed", "{result}");
    let files = api.get(&format!("/beds/{id}/files")).await;
    assert!(!files["files"].as_array().unwrap().is_empty(), "{files}");

    drop((packer, solver));
    deployment.stop().await.unwrap();
    database.stop().await.unwrap();
}

/// The API as a caller of the gateway sees it.
struct Deployed<'a> {
    client: Client,
    deployment: &'a Deployment,
    /// Of a log-in; empty for nobody.
    token: String,
}

impl Deployed<'_> {
    /// The same API, for somebody new.
    async fn registered(&self) -> Self {
        let ada =
            json!({ "name": "Ada", "email": "ada@example.org", "password": "a long sentence" });
        self.post("/accounts", &ada).await;
        let known = json!({ "email": "ada@example.org", "password": "a long sentence" });
        let tokens = self.post("/accounts/log-in", &known).await;
        Self {
            client: self.client.clone(),
            deployment: self.deployment,
            token: tokens["access_token"].as_str().unwrap().to_owned(),
        }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self
            .client
            .request(method, self.deployment.url(path).unwrap());
        match self.token.as_str() {
            "" => request,
            token => request.bearer_auth(token),
        }
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.request(Method::GET, path).send().await.unwrap();
        let status = answer.status();
        let body = answer.text().await.unwrap();
        assert!(status.is_success(), "GET {path}: {status} {body}");
        serde_json::from_str(&body).unwrap()
    }

    async fn status(&self, path: &str) -> StatusCode {
        self.request(Method::GET, path)
            .send()
            .await
            .unwrap()
            .status()
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let answer = self
            .request(Method::POST, path)
            .json(body)
            .send()
            .await
            .unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "POST {path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// Reads the job's events until there can be no more of them, and then the job.
    async fn end_of(&self, job: &str) -> Value {
        let mut after = 0;
        loop {
            let answer = self
                .get(&format!("/jobs/{job}/events?after={after}&wait_s=10"))
                .await;
            for event in answer["events"].as_array().unwrap() {
                after = event["seq"].as_i64().unwrap();
                if matches!(
                    event["kind"].as_str(),
                    Some("completed" | "failed" | "cancelled")
                ) {
                    return self.get(&format!("/jobs/{job}")).await;
                }
            }
        }
    }
}
