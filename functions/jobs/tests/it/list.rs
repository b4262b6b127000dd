use leito_http::testing::{get, send};
use serde_json::Value;
use store::access::Role;
use testkit::rows;
use uuid::Uuid;

use crate::support::{Service, claim, complete, serving};

async fn found(service: &Service, query: &str) -> Value {
    send(&service.router, get(&format!("/api/v1/jobs?{query}")))
        .await
        .is(200)
}

fn ids(found: &Value) -> Vec<Uuid> {
    let all = found["jobs"].as_array().unwrap();
    all.iter()
        .map(|one| one["id"].as_str().unwrap().parse().unwrap())
        .collect()
}

#[tokio::test]
async fn jobs_are_found_by_project_bed_user_kind_status_and_time() {
    let service = serving().await;
    let (one, bed) = service.job_and_bed().await;
    let two = service.job().await;
    let flow = service.flow_after(one, bed).await;
    complete(&service.app.store, &claim(&service.app.store, two).await).await;
    for (query, expected) in [
        (String::new(), vec![flow, two, one]),
        ("sort=created_at".to_owned(), vec![one, two, flow]),
        ("kind=packing".to_owned(), vec![two, one]),
        ("status=queued&kind=packing".to_owned(), vec![one]),
        ("status=completed".to_owned(), vec![two]),
        (format!("bed_id={bed}"), vec![flow, one]),
        (format!("created_by={}&kind=flow", rows::USER), vec![flow]),
        (format!("created_by={}", Uuid::nil()), vec![]),
        (format!("project_id={}&limit=1", rows::PROJECT), vec![flow]),
        (format!("project_id={}", Uuid::nil()), vec![]),
        ("created_to=2001-01-01T00:00:00Z".to_owned(), vec![]),
        (
            "created_from=2001-01-01T00:00:00Z&offset=2".to_owned(),
            vec![one],
        ),
    ] {
        assert_eq!(ids(&found(&service, &query).await), expected, "{query}");
    }
    assert!(found(&service, "").await["jobs"][0].get("input").is_none());
}

#[tokio::test]
async fn pages_neither_repeat_nor_miss_while_jobs_come_in() {
    let service = serving().await;
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(service.job().await);
    }
    made.reverse();
    let mut walked = Vec::new();
    let mut after = String::new();
    loop {
        let page = found(&service, &format!("limit=2{after}")).await;
        walked.extend(ids(&page));
        service.job().await;
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(walked, made);
}

#[tokio::test]
async fn jobs_of_the_same_moment_are_all_there() {
    let service = serving().await;
    for _ in 0..3 {
        service.job().await;
    }
    service
        .sql("UPDATE jobs SET created_at = '2026-01-01T00:00:00.123456Z'")
        .await;
    let whole = ids(&found(&service, "").await);
    let first = found(&service, "limit=2").await;
    let next = first["next"].as_str().unwrap();
    let rest = ids(&found(&service, &format!("after={next}")).await);
    assert_eq!([ids(&first), rest].concat(), whole);
}

#[tokio::test]
async fn what_a_search_does_not_know_is_refused() {
    let service = serving().await;
    for query in [
        "limit=0",
        "limit=501",
        "offset=10001",
        "after=00",
        "sort=kind",
        "kind=cooking",
        "status=paused",
        "project_id=1",
        "created_from=now",
        "unknown=1",
    ] {
        let answer = send(&service.router, get(&format!("/api/v1/jobs?{query}"))).await;
        answer.is_problem(400, "invalid_query");
    }
    let path = format!("/api/v1/jobs?bed_id={}", Uuid::nil());
    send(&service.router, get(&path))
        .await
        .is_problem(404, "not_found");
}

#[tokio::test]
async fn strangers_find_nothing_and_viewers_everything() {
    let service = serving().await;
    let (id, bed) = service.job_and_bed().await;
    let viewer = service.for_another(Some(Role::Viewer)).await;
    let stranger = service.for_another(None).await;
    for query in [
        String::new(),
        format!("?project_id={}", rows::PROJECT),
        format!("?created_by={}", rows::USER),
    ] {
        let path = format!("/api/v1/jobs{query}");
        assert_eq!(ids(&send(&viewer, get(&path)).await.is(200)), [id]);
        assert_eq!(ids(&send(&stranger, get(&path)).await.is(200)).len(), 0);
    }
    let of_bed = format!("/api/v1/jobs?bed_id={bed}");
    send(&stranger, get(&of_bed))
        .await
        .is_problem(404, "not_found");
}
