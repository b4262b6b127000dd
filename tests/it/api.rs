//! The HTTP API as any caller sees it.

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use crate::leito::within;

/// A system's API.
#[derive(Clone)]
pub struct Api {
    client: Client,
    base: String,
}

/// A bed and the simulation of it that was asked for.
pub struct Study {
    pub bed: String,
    pub simulation: String,
    /// The packing, unless there was one already.
    pub packing: Option<String>,
    pub flow: String,
}

impl Api {
    pub fn at(address: &str, key: &str) -> Self {
        let bearer = HeaderValue::from_str(&format!("Bearer {}", key.trim())).unwrap();
        let client = Client::builder()
            .default_headers(HeaderMap::from_iter([(AUTHORIZATION, bearer)]))
            .timeout(Duration::from_mins(1))
            .no_proxy();
        Self {
            client: client.build().unwrap(),
            base: format!("{address}/api/v1"),
        }
    }

    pub async fn get(&self, path: &str) -> Value {
        answer(self.client.get(format!("{}{path}", self.base))).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Value {
        answer(self.client.post(format!("{}{path}", self.base)).json(body)).await
    }

    /// Creates a bed and asks for its flow.
    pub async fn study(&self, spec: &Value) -> Study {
        let bed = self.post("/beds", &json!({ "spec": spec })).await;
        let bed = text(&bed["id"]);
        let begun = self
            .post(&format!("/beds/{bed}/simulate"), &json!({}))
            .await;
        let jobs = begun["jobs"].as_array().unwrap();
        let id_of = |kind: &str| {
            let job = jobs.iter().find(|job| job["kind"] == kind)?;
            Some(text(&job["id"]))
        };
        Study {
            bed,
            simulation: text(&begun["simulation"]["id"]),
            packing: id_of("packing"),
            flow: id_of("flow").unwrap(),
        }
    }

    /// Submits a bed with its flow; gives the submission's id and what is behind it.
    pub async fn submission(&self, spec: &Value) -> (String, Study) {
        let asked =
            json!({ "kind": "packed-bed-study", "version": 1, "payload": { "spec": spec } });
        let submission = self.post("/submissions", &asked).await;
        let simulation = text(&submission["simulations"][0]);
        let bed = self.get(&format!("/simulations/{simulation}")).await;
        let mut study = Study {
            bed: text(&bed["bed_id"]),
            simulation,
            packing: None,
            flow: String::new(),
        };
        for id in submission["jobs"].as_array().unwrap() {
            let id = text(id);
            match self.job(&id).await["kind"].as_str() {
                Some("packing") => study.packing = Some(id),
                _ => study.flow = id,
            }
        }
        (text(&submission["id"]), study)
    }

    pub async fn job(&self, id: &str) -> Value {
        self.get(&format!("/jobs/{id}")).await
    }

    pub async fn simulation(&self, study: &Study) -> Value {
        self.get(&format!("/simulations/{}", study.simulation))
            .await
    }

    pub async fn cancel(&self, id: &str) {
        self.post(&format!("/jobs/{id}/cancel"), &json!({})).await;
    }

    /// Reads events, waiting for those to come, up to the first one that is meant; a job that ends before is an error.
    pub async fn event(&self, job: &str, is_meant: impl Fn(&Value) -> bool) -> Value {
        within(async {
            let mut after = json!(0);
            loop {
                let path = format!("/jobs/{job}/events?after={after}&wait_s=20");
                let news = self.get(&path).await;
                let events = news["events"].as_array().unwrap();
                if let Some(event) = events.iter().find(|event| is_meant(event)) {
                    return event.clone();
                }
                let ended = events.iter().find(|event| is_final(event));
                assert!(ended.is_none(), "the job has ended: {ended:?}");
                after = news["next"].clone();
            }
        })
        .await
    }

    /// Waits until an engine reports that it is at work on this stage.
    pub async fn works_on(&self, job: &str, stage: &str) -> Value {
        self.event(job, |event| {
            event["kind"] == "progress" && event["data"]["stage"] == stage
        })
        .await
    }

    /// Waits until the job has ended and gives it as it is then.
    pub async fn end_of(&self, job: &str) -> Value {
        self.event(job, is_final).await;
        self.job(job).await
    }

    /// All that happened to a job, progress left out: `claimed`, `reused mesh`.
    pub async fn history(&self, job: &str) -> Vec<String> {
        let news = self.get(&format!("/jobs/{job}/events?after=0")).await;
        let events = news["events"].as_array().unwrap().iter();
        let states = events.filter(|event| event["kind"] != "progress");
        states
            .map(|event| match event["data"]["stage"].as_str() {
                Some(stage) => format!("{} {stage}", text(&event["kind"])),
                None => text(&event["kind"]),
            })
            .collect()
    }

    /// The stages of which engines reported progress.
    pub async fn engine_stages(&self, job: &str) -> Vec<String> {
        let news = self.get(&format!("/jobs/{job}/events?after=0")).await;
        let events = news["events"].as_array().unwrap().iter();
        let reports = events.filter(|event| event["kind"] == "progress");
        reports.map(|event| text(&event["data"]["stage"])).collect()
    }
}

/// A JSON string.
pub fn text(value: &Value) -> String {
    value.as_str().expect("a string").to_owned()
}

fn is_final(event: &Value) -> bool {
    matches!(
        event["kind"].as_str(),
        Some("completed" | "failed" | "cancelled")
    )
}

async fn answer(request: RequestBuilder) -> Value {
    let answer = request.send().await.unwrap();
    let (status, url) = (answer.status(), answer.url().clone());
    let body = answer.text().await.unwrap();
    assert!(status.is_success(), "{url}: {status} {body}");
    serde_json::from_str(&body).unwrap()
}
