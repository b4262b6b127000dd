use leito_http::testing::{get, send};
use serde_json::Value;
use store::access::Role;

use crate::support::{Service, serving};

async fn actions(router: &axum::Router, query: &str) -> Vec<(String, String)> {
    let path = format!("/api/v1/audits{query}");
    let page = send(router, get(&path)).await.is(200);
    let all = page["audits"].as_array().unwrap().iter();
    let word = |audit: &Value, name: &str| audit[name].as_str().unwrap().to_owned();
    all.map(|audit| (word(audit, "kind"), word(audit, "action")))
        .collect()
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    let all = all.iter();
    all.map(|(kind, action)| ((*kind).to_owned(), (*action).to_owned()))
        .collect()
}

async fn studied() -> (Service, String) {
    let service = serving().await;
    let submission = service.study().await;
    service.post(&submission, "/cancel").await.is(202);
    service.post(&submission, "/retry").await.is(202);
    let id = submission["id"].as_str().unwrap().to_owned();
    (service, id)
}

#[tokio::test]
async fn everything_a_submission_did_is_found_by_its_id() {
    let (service, id) = studied().await;
    let all = actions(&service.router, &format!("?submission_id={id}")).await;
    let expected = pairs(&[
        ("submission", "retried"),
        ("submission", "cancelled"),
        ("submission", "created"),
        ("simulation", "started"),
        ("bed", "created"),
    ]);
    assert_eq!(all, expected);
    let newest = actions(&service.router, "?kind=submission&limit=1").await;
    assert_eq!(newest, expected[..1]);
}

#[tokio::test]
async fn owners_see_what_was_done_in_their_project_and_others_do_not() {
    let (service, _) = studied().await;
    for (role, seen) in [
        (None, 0),
        (Some(Role::Viewer), 0),
        (Some(Role::Editor), 0),
        (Some(Role::Owner), 5),
    ] {
        let router = service.as_member(role).await;
        assert_eq!(actions(&router, "").await.len(), seen, "{role:?}");
    }
}

#[tokio::test]
async fn filters_that_make_no_sense_are_refused() {
    let (service, _) = studied().await;
    for query in [
        "?colour=red",
        "?from=-000044-03-15T00:00:00Z",
        "?kind=%00",
        "?offset=10001",
    ] {
        let answer = send(&service.router, get(&format!("/api/v1/audits{query}"))).await;
        answer.is_problem(400, "invalid_query");
    }
}
