use axum::body::Body;
use axum::http::Request;
use leito_http::testing::{Answer, get, send};
use serde_json::Value;
use store::access::Role;

use crate::support::{ids, path, serving};

async fn delete(router: &axum::Router, submission: &Value) -> Answer {
    let request = Request::delete(path(submission, "")).body(Body::empty());
    send(router, request.unwrap()).await
}

#[tokio::test]
async fn a_submission_that_has_ended_is_deleted_and_what_came_of_it_stays() {
    let service = serving().await;
    let submission = service.study().await;
    service.work(&submission).await;
    assert_eq!(delete(&service.router, &submission).await.status, 204);
    let gone = send(&service.router, get(&path(&submission, ""))).await;
    gone.is_problem(404, "not_found");
    delete(&service.router, &submission)
        .await
        .is_problem(404, "not_found");
    for (table, rows) in [
        ("submissions", 0),
        ("submission_jobs", 0),
        ("beds", 1),
        ("simulations", 1),
        ("jobs", 2),
        (
            "automation_audits WHERE kind = 'submission' AND action = 'deleted' AND submission_id = target_id",
            1,
        ),
    ] {
        assert_eq!(service.count(table).await, rows, "{table}");
    }
}

#[tokio::test]
async fn one_that_waits_or_runs_is_cancelled_first() {
    let service = serving().await;
    let submission = service.study().await;
    let waiting = delete(&service.router, &submission).await;
    let problem = waiting.is_problem(409, "conflict");
    assert_eq!(
        problem["detail"],
        "the submission is queued; cancel it first"
    );
    service.claim(ids(&submission["jobs"])[0]).await;
    let running = delete(&service.router, &submission).await;
    running.is_problem(409, "conflict");
    let another = service.submit_named("another").await;
    service.post(&another, "/cancel").await.is(202);
    assert_eq!(delete(&service.router, &another).await.status, 204);
    assert_eq!(service.count("submissions").await, 1);
}

#[tokio::test]
async fn only_editors_delete() {
    let service = serving().await;
    let submission = service.study().await;
    service.work(&submission).await;
    for (role, status) in [
        (None, 404),
        (Some(Role::Viewer), 403),
        (Some(Role::Editor), 204),
    ] {
        let router = service.as_member(role).await;
        let answer = delete(&router, &submission).await;
        assert_eq!(answer.status.as_u16(), status);
    }
}
