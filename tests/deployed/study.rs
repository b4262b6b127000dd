//! A study from the registration of its author to the numbers.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};
use system_tests::Worker;
use tokio::time::timeout;

use crate::api::Api;
use crate::stack::Stack;
use crate::{cleanup, live, share};

/// Far more than a study of this size takes.
pub const LIMIT: Duration = Duration::from_mins(10);

#[tokio::test]
#[ignore = "needs what `sam build` makes; ./dev deployed runs it"]
async fn a_study_travels_through_the_deployed_system_and_is_shared_and_cleaned_up_after() {
    let stack = Stack::deployed().await;
    let nobody = stack.api();
    assert_eq!(
        nobody.status("/beds/no-such-id").await,
        StatusCode::UNAUTHORIZED
    );
    let api = nobody.registered().await;
    all_parts_answer(&api).await;
    assert_eq!(
        api.status("/beds/no-such-id").await,
        StatusCode::BAD_REQUEST
    );

    let bed = api.bed().await;
    let id = bed["id"].as_str().unwrap();
    let generated = api.post(&format!("/beds/{id}/generate"), &json!({})).await;
    let simulated = api.post(&format!("/beds/{id}/simulate"), &json!({})).await;
    let packing = jobs(&generated).remove(0);
    let watching = live::watching(&stack.deployment, &api, &packing).await;
    let mut workers = Vec::new();
    for name in ["bed-packer", "flow-solver"] {
        let worker = Worker::start(name, &stack.deployment, stack.folder()).await;
        workers.push(worker.unwrap());
    }
    for job in jobs(&generated).into_iter().chain(jobs(&simulated)) {
        let ended = timeout(LIMIT, api.end_of(&job))
            .await
            .expect("the job ends");
        assert_eq!(ended["status"], "completed", "{ended}");
    }
    let (told, status) = timeout(LIMIT, watching).await.unwrap().unwrap();
    assert_eq!((told.first(), status), (Some(&1), json!("completed")));
    assert!(told.is_sorted_by(|one, next| one + 1 == *next), "{told:?}");
    has_results(&api, &simulated["simulation"]["id"]).await;
    let file = has_files(&api, id).await;

    share::a_link_is_good_once_and_until_its_time_is_over(&api, &file).await;
    cleanup::what_nobody_needs_is_removed(&stack, &api, id).await;
    timeout(LIMIT, the_relay_was_fired(&api))
        .await
        .expect("the schedule starts the relay each minute");

    drop(workers);
    stack.end().await;
}

/// Every part that the health function may ask answers it: database, bucket and both queues.
async fn all_parts_answer(api: &Api) {
    let health = api.get("/health").await;
    assert_eq!(health["status"], "ok", "{health}");
    let parts = health["parts"].as_array().unwrap();
    assert!(parts.iter().all(|part| part["up"] == true), "{health}");
    assert_eq!(parts.len(), 4, "{health}");
}

/// The ids of the jobs that an answer names.
fn jobs(answer: &Value) -> Vec<String> {
    let all = answer["jobs"].as_array().cloned().unwrap_or_default();
    let one = answer.get("job").cloned();
    all.iter()
        .chain(&one)
        .map(|job| job["id"].as_str().unwrap().to_owned())
        .collect()
}

async fn has_results(api: &Api, simulation: &Value) {
    let simulation = simulation.as_str().unwrap();
    let result = api.get(&format!("/simulations/{simulation}")).await;
    assert_eq!(result["status"], "completed", "{result}");
    let gradient = &result["results"][0]["quantities"]["pressure_gradient_pa_m"]["value"];
    assert!(gradient.as_f64().is_some_and(|it| it > 0.0), "{result}");
}

/// Gives the table of the particles, which can be fetched.
async fn has_files(api: &Api, bed: &str) -> Value {
    let listed = api.get(&format!("/beds/{bed}/files")).await;
    let files = listed["files"].as_array().unwrap();
    let table = files.iter().find(|file| file["name"] == "particles.csv.gz");
    let table = table.expect("a packing has a table of its particles");
    let id = table["id"].as_str().unwrap();
    let content = api.content(&format!("/beds/{bed}/files/{id}")).await;
    assert_eq!(content.len() as u64, table["bytes"].as_u64().unwrap());
    table.clone()
}

/// Nothing but EventBridge starts the relay here.
async fn the_relay_was_fired(api: &Api) {
    loop {
        let health = api.get("/health").await;
        let mut schedules = health["schedules"].as_array().unwrap().iter();
        if schedules.any(|run| run["name"] == "outbox-relay") {
            return;
        }
    }
}
