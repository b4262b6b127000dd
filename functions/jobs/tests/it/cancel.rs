use leito_http::testing::{post, send};
use uuid::Uuid;

use crate::support::{claim, complete, serving};

#[tokio::test]
async fn a_waiting_job_is_cancelled_at_once() {
    let service = serving().await;
    let path = format!("/api/v1/jobs/{}/cancel", service.job().await);
    assert_eq!(
        send(&service.router, post(&path, "")).await.is(202)["status"],
        "cancelled"
    );
}

#[tokio::test]
async fn a_running_job_is_asked_to_stop_however_often() {
    let service = serving().await;
    let id = service.job().await;
    claim(&service.app.store, id).await;
    for _ in 0..2 {
        let job = send(
            &service.router,
            post(&format!("/api/v1/jobs/{id}/cancel"), "{}"),
        )
        .await
        .is(202);
        assert_eq!(
            (job["status"].as_str(), job["cancel_requested"].as_bool()),
            (Some("running"), Some(true))
        );
    }
}

#[tokio::test]
async fn a_job_that_has_ended_cannot_be_cancelled() {
    let service = serving().await;
    let id = service.job().await;
    complete(&service.app.store, &claim(&service.app.store, id).await).await;
    let answer = send(
        &service.router,
        post(&format!("/api/v1/jobs/{id}/cancel"), ""),
    )
    .await;
    assert_eq!(
        answer.is_problem(409, "conflict")["detail"],
        "the job is already completed"
    );
}

#[tokio::test]
async fn a_repeated_cancellation_gets_the_first_answer_even_after_the_end() {
    let service = serving().await;
    let path = format!("/api/v1/jobs/{}/cancel", service.job().await);
    let request = || {
        let mut request = post(&path, "");
        request
            .headers_mut()
            .insert("idempotency-key", "stop".parse().unwrap());
        request
    };
    let first = send(&service.router, request()).await.is(202);
    assert_eq!(send(&service.router, request()).await.is(202), first);
    send(&service.router, post(&path, ""))
        .await
        .is_problem(409, "conflict");
}

#[tokio::test]
async fn a_job_that_is_not_there_cannot_be_cancelled() {
    let service = serving().await;
    send(
        &service.router,
        post(&format!("/api/v1/jobs/{}/cancel", Uuid::nil()), ""),
    )
    .await
    .is_problem(404, "not_found");
}
