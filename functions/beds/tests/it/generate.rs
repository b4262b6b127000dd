use job::Kind;
use leito_http::testing::{post, send};
use uuid::Uuid;

use crate::support::serving;

#[tokio::test]
async fn packing_a_bed_makes_a_job_and_wakes_a_worker() {
    let service = serving().await;
    let bed = service.bed().await;
    let answer = send(
        &service.router,
        post(&format!("/api/v1/beds/{bed}/generate"), ""),
    )
    .await;
    let job = answer.is(202)["job"].clone();
    assert_eq!(
        (job["kind"].as_str(), job["status"].as_str()),
        (Some("packing"), Some("queued"))
    );
    assert_eq!(job["bed_id"], bed);
    assert!(job.get("input").is_none(), "{job}");
    assert_eq!(
        answer.header("location"),
        format!("/api/v1/jobs/{}", job["id"].as_str().unwrap())
    );
    let messages = service.messages(Kind::Packing).await;
    assert_eq!(messages, [serde_json::json!({ "job_id": job["id"] })]);
}

#[tokio::test]
async fn the_worker_gets_the_specification_as_it_was() {
    let service = serving().await;
    let bed = service.bed().await;
    let answer = send(
        &service.router,
        post(&format!("/api/v1/beds/{bed}/generate"), "{}"),
    )
    .await
    .is(202);
    let id: Uuid = answer["job"]["id"].as_str().unwrap().parse().unwrap();
    let stored = store::jobs::get(&service.app.store.client().await.unwrap(), id)
        .await
        .unwrap();
    assert_eq!(bed::from_value(&stored.input).unwrap().name, "demo");
}

#[tokio::test]
async fn a_bed_that_is_not_there_cannot_be_packed() {
    let service = serving().await;
    let path = format!("/api/v1/beds/{}/generate", Uuid::nil());
    send(&service.router, post(&path, ""))
        .await
        .is_problem(404, "not_found");
}

#[tokio::test]
async fn nothing_can_be_said_about_a_packing() {
    let service = serving().await;
    let bed = service.bed().await;
    let path = format!("/api/v1/beds/{bed}/generate");
    send(&service.router, post(&path, r#"{"seed": 7}"#))
        .await
        .is_problem(422, "invalid_body");
}

#[tokio::test]
async fn a_repeated_request_makes_one_job() {
    let service = serving().await;
    let path = format!("/api/v1/beds/{}/generate", service.bed().await);
    let request = || {
        let mut request = post(&path, "");
        request
            .headers_mut()
            .insert("idempotency-key", "once".parse().unwrap());
        request
    };
    let first = send(&service.router, request()).await.is(202);
    assert_eq!(send(&service.router, request()).await.is(202), first);
    assert_eq!(service.messages(Kind::Packing).await.len(), 1);
}
