use leito_http::testing::{post, send};
use store::access::Role;

use crate::support::{ids, path, serving};

#[tokio::test]
async fn cancelling_stops_what_waits_and_asks_what_runs() {
    let service = serving().await;
    let submission = service.study().await;
    service.claim(ids(&submission["jobs"])[0]).await;
    let asked = service.post(&submission, "/cancel").await.is(202);
    assert_eq!(asked["status"], "running", "the worker has to stop first");
    let client = service.app.store.client().await.unwrap();
    let running = store::jobs::get(&client, ids(&submission["jobs"])[0]).await;
    assert!(running.unwrap().cancel_requested);
}

#[tokio::test]
async fn a_submission_that_waits_is_cancelled_at_once() {
    let service = serving().await;
    let submission = service.study().await;
    let cancelled = service.post(&submission, "/cancel").await.is(202);
    assert_eq!(cancelled["status"], "error");
    assert_eq!(cancelled["error"]["code"], "cancelled");
    let again = service.post(&submission, "/cancel").await;
    again.is_problem(409, "conflict");
}

#[tokio::test]
async fn only_editors_cancel_and_retry() {
    let service = serving().await;
    let submission = service.study().await;
    for (role, status) in [(None, 404), (Some(Role::Viewer), 403)] {
        let router = service.as_member(role).await;
        for action in ["/cancel", "/retry"] {
            let answer = send(&router, post(&path(&submission, action), "")).await;
            assert_eq!(answer.status.as_u16(), status, "{action}");
        }
    }
}
