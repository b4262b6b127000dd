use axum::http::Request;
use leito_http::testing::{get, send};
use uuid::Uuid;

use crate::support::{claim, progress, serving};

#[tokio::test]
async fn a_job_shows_where_it_stands_and_not_its_input() {
    let service = serving().await;
    let id = service.job().await;
    let path = format!("/api/v1/jobs/{id}");
    let queued = send(&service.router, get(&path)).await.is(200);
    let mut names: Vec<_> = queued
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "after_job_id",
            "attempt",
            "bed_id",
            "cancel_requested",
            "cost_usd",
            "created_at",
            "created_by",
            "error",
            "eta_s",
            "event_seq",
            "finished_at",
            "fraction",
            "id",
            "jobs_ahead",
            "kind",
            "max_attempts",
            "project_id",
            "running_s",
            "simulation_id",
            "stage",
            "started_at",
            "status",
        ]
    );
    assert_eq!(queued["status"], "queued");
    let claimed = claim(&service.app.store, id).await;
    progress(&service.app.store, &claimed, 0.25).await;
    let running = send(&service.router, get(&path)).await.is(200);
    assert_eq!(
        (running["status"].as_str(), running["fraction"].as_f64()),
        (Some("running"), Some(0.25))
    );
}

#[tokio::test]
async fn a_poll_without_news_is_not_answered_again() {
    let service = serving().await;
    let id = service.job().await;
    let path = format!("/api/v1/jobs/{id}");
    let tag = send(&service.router, get(&path))
        .await
        .header("etag")
        .to_owned();
    let poll = || {
        Request::get(&path)
            .header("if-none-match", &tag)
            .body("".into())
            .unwrap()
    };
    assert_eq!(send(&service.router, poll()).await.status, 304);
    claim(&service.app.store, id).await;
    assert_eq!(send(&service.router, poll()).await.status, 200);
}

#[tokio::test]
async fn a_job_that_is_not_there_is_not_found() {
    let service = serving().await;
    send(
        &service.router,
        get(&format!("/api/v1/jobs/{}", Uuid::nil())),
    )
    .await
    .is_problem(404, "not_found");
    send(&service.router, get("/api/v1/jobs/first"))
        .await
        .is_problem(400, "invalid_path");
}
