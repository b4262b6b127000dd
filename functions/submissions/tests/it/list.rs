use leito_http::testing::{get, send};
use serde_json::{Value, json};

use crate::support::{Service, serving, spec};

async fn listed(service: &Service, query: &str) -> Value {
    let path = format!("/api/v1/submissions{query}");
    send(&service.router, get(&path)).await.is(200)
}

fn names(page: &Value) -> Vec<&str> {
    let all = page["submissions"].as_array().unwrap();
    all.iter()
        .map(|one| one["kind"].as_str().unwrap())
        .collect()
}

async fn three(service: &Service) {
    service.study().await;
    let batch = json!({ "beds": [{ "spec": spec("glass-rings") }] });
    service.submit("bed-batch", batch).await.is(202);
    let study = json!({ "spec": spec("demo"), "description": "steel balls" });
    service.submit("packed-bed-study", study).await.is(202);
}

#[tokio::test]
async fn pages_follow_each_other_from_the_newest_to_the_oldest() {
    let service = serving().await;
    three(&service).await;
    let first = listed(&service, "?limit=2").await;
    assert_eq!(names(&first), ["packed-bed-study", "bed-batch"]);
    let next = first["next"].as_str().unwrap();
    let second = listed(&service, &format!("?limit=2&before={next}")).await;
    assert_eq!(names(&second), ["packed-bed-study"]);
    assert_eq!(second["next"], Value::Null);
    assert_eq!(names(&listed(&service, "?offset=2").await).len(), 1);
    assert!(first["submissions"][0].get("payload").is_none());
}

#[tokio::test]
async fn a_list_is_searched_by_what_submissions_are_and_hold() {
    let service = serving().await;
    three(&service).await;
    for (query, count) in [
        ("?kind=bed-batch", 1),
        ("?version=1", 3),
        ("?version=2", 0),
        ("?status=queued", 3),
        ("?status=done", 0),
        ("?actor=01890000-0000-7000-8000-000000000001", 0),
        ("?project_id=01890000-0000-7000-8000-000000000001", 0),
        ("?from=2020-01-01T00:00:00Z", 3),
        ("?to=2020-01-01T00:00:00Z", 0),
        ("?text=steel", 1),
        ("?text=rings", 1),
        ("?contains=%7B%22description%22:%22steel%20balls%22%7D", 1),
        (
            "?contains=%7B%22spec%22:%7B%22name%22:%22demo%22%7D%7D&kind=packed-bed-study",
            2,
        ),
    ] {
        let page = listed(&service, query).await;
        assert_eq!(names(&page).len(), count, "{query}");
    }
}

#[tokio::test]
async fn filters_that_make_no_sense_are_refused() {
    let service = serving().await;
    for query in [
        "?colour=red",
        "?from=-009999-01-01T00:00:00Z",
        "?from=yesterday",
        "?contains=%7B",
        "?contains=%5B1%5D",
        "?contains=%7B%22a%22:%22%5Cu0000%22%7D",
        "?text=%00",
        "?offset=10001",
        "?before=x",
    ] {
        let path = format!("/api/v1/submissions{query}");
        let answer = send(&service.router, get(&path)).await;
        answer.is_problem(400, "invalid_query");
    }
}
