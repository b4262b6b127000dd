//! The API as a caller of the gateway sees it.

use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use system_tests::Deployment;

const BASE: &str = "/api/v1";
const SOURCE: &str = include_str!("small.bed");

/// A caller: nobody, or somebody with the token of a log-in.
pub struct Api {
    client: Client,
    gateway: String,
    token: Option<String>,
}

impl Api {
    pub fn of(deployment: &Deployment) -> Self {
        Self {
            client: Client::new(),
            gateway: deployment.url("").unwrap(),
            token: None,
        }
    }

    /// The same for somebody new.
    pub async fn registered(&self) -> Self {
        let ada =
            json!({ "name": "Ada", "email": "ada@example.org", "password": "a long sentence" });
        self.post("/accounts", &ada).await;
        self.logged_in().await
    }

    /// The same for somebody who registered before.
    pub async fn logged_in(&self) -> Self {
        let known = json!({ "email": "ada@example.org", "password": "a long sentence" });
        let tokens = self.post("/accounts/log-in", &known).await;
        Self {
            client: self.client.clone(),
            gateway: self.gateway.clone(),
            token: Some(tokens["access_token"].as_str().unwrap().to_owned()),
        }
    }

    /// A small bed in a project of its own; gives the bed.
    pub async fn bed(&self) -> Value {
        let project = self.post("/projects", &json!({ "name": "Tried" })).await;
        let bed = json!({ "source": SOURCE, "project_id": project["id"] });
        self.post("/beds", &bed).await
    }

    pub async fn get(&self, path: &str) -> Value {
        body(self.request(Method::GET, &format!("{BASE}{path}"))).await
    }

    pub async fn post(&self, path: &str, content: &Value) -> Value {
        let request = self.request(Method::POST, &format!("{BASE}{path}"));
        body(request.json(content)).await
    }

    /// Sends a small file as it is.
    pub async fn upload(&self, path: &str, content: &'static str) -> Value {
        let request = self.request(Method::POST, &format!("{BASE}{path}"));
        body(request.body(content)).await
    }

    pub async fn delete(&self, path: &str) {
        let request = self.request(Method::DELETE, &format!("{BASE}{path}"));
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "DELETE {path}: {answer:?}");
    }

    pub async fn status(&self, path: &str) -> StatusCode {
        let request = self.request(Method::GET, &format!("{BASE}{path}"));
        request.send().await.unwrap().status()
    }

    /// What a path beside the API answers after all redirections.
    pub async fn open(&self, path: &str) -> Response {
        self.client
            .get(format!("{}{path}", self.gateway))
            .send()
            .await
            .unwrap()
    }

    /// The content of a file, from wherever the API says that it is.
    pub async fn content(&self, path: &str) -> Vec<u8> {
        let request = self.request(Method::GET, &format!("{BASE}{path}"));
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "GET {path}");
        answer.bytes().await.unwrap().to_vec()
    }

    /// Reads the job's events until there can be no more of them, and then the job.
    pub async fn end_of(&self, job: &str) -> Value {
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

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self
            .client
            .request(method, format!("{}{path}", self.gateway));
        match &self.token {
            None => request,
            Some(token) => request.bearer_auth(token),
        }
    }
}

async fn body(request: RequestBuilder) -> Value {
    let answer = request.send().await.unwrap();
    let (status, url) = (answer.status(), answer.url().clone());
    let body = answer.text().await.unwrap();
    assert!(status.is_success(), "{url}: {status} {body}");
    serde_json::from_str(&body).unwrap()
}
