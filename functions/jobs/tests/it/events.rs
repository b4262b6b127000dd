use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use leito_http::testing::{get, send};
use uuid::Uuid;

use crate::support::{claim, complete, progress, serving, serving_as};

fn kinds(answer: &serde_json::Value) -> Vec<&str> {
    answer["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["kind"].as_str().unwrap())
        .collect()
}

fn stream(path: &str) -> Request<Body> {
    Request::get(path)
        .header("accept", "text/event-stream")
        .body(Body::empty())
        .unwrap()
}

#[tokio::test]
async fn the_history_of_a_job_is_given_from_any_point() {
    let service = serving().await;
    let id = service.job().await;
    let claimed = claim(&service.app.store, id).await;
    progress(&service.app.store, &claimed, 0.5).await;
    let path = format!("/api/v1/jobs/{id}/events");
    let all = send(&service.router, get(&path)).await.is(200);
    assert_eq!(kinds(&all), ["queued", "claimed", "progress"]);
    assert_eq!(
        (all["next"].as_i64(), all["status"].as_str()),
        (Some(3), Some("running"))
    );
    let rest = send(&service.router, get(&format!("{path}?after=2")))
        .await
        .is(200);
    assert_eq!(kinds(&rest), ["progress"]);
    let none = send(&service.router, get(&format!("{path}?after=3")))
        .await
        .is(200);
    assert_eq!((kinds(&none).len(), none["next"].as_i64()), (0, Some(3)));
}

#[tokio::test]
async fn a_long_poll_is_answered_by_the_event_it_waits_for() {
    let service = serving().await;
    let id = service.job().await;
    let router = service.router.clone();
    let poll = tokio::spawn(async move {
        send(
            &router,
            get(&format!("/api/v1/jobs/{id}/events?after=1&wait_s=20")),
        )
        .await
    });
    claim(&service.app.store, id).await;
    assert_eq!(kinds(&poll.await.unwrap().is(200)), ["claimed"]);
}

#[tokio::test]
async fn nobody_waits_for_a_job_that_has_ended() {
    let service = serving().await;
    let id = service.job().await;
    complete(&service.app.store, &claim(&service.app.store, id).await).await;
    let path = format!("/api/v1/jobs/{id}/events?after=3&wait_s=20");
    let answered =
        tokio::time::timeout(Duration::from_secs(5), send(&service.router, get(&path))).await;
    assert_eq!(answered.unwrap().is(200)["status"], "completed");
}

#[tokio::test]
async fn a_stream_numbers_its_events_and_ends_with_the_final_one() {
    let service = serving().await;
    let id = service.job().await;
    let router = service.router.clone();
    let reading =
        tokio::spawn(
            async move { send(&router, stream(&format!("/api/v1/jobs/{id}/events"))).await },
        );
    complete(&service.app.store, &claim(&service.app.store, id).await).await;
    let answer = reading.await.unwrap();
    assert_eq!(answer.header("content-type"), "text/event-stream");
    let text = String::from_utf8(answer.body).unwrap();
    let lines = |prefix: &str| {
        text.lines()
            .filter_map(|line| line.strip_prefix(prefix))
            .map(str::trim)
            .collect::<Vec<_>>()
    };
    assert_eq!(lines("id:"), ["1", "2", "3"]);
    assert_eq!(lines("event:"), ["queued", "claimed", "completed"]);
    let last: serde_json::Value = serde_json::from_str(lines("data:")[2]).unwrap();
    assert_eq!(
        (last["seq"].as_i64(), last["kind"].as_str()),
        (Some(3), Some("completed"))
    );
}

#[tokio::test]
async fn a_stream_goes_on_after_the_event_the_reader_saw_last() {
    let service = serving().await;
    let id = service.job().await;
    complete(&service.app.store, &claim(&service.app.store, id).await).await;
    let mut request = stream(&format!("/api/v1/jobs/{id}/events?after=0"));
    request
        .headers_mut()
        .insert("last-event-id", "2".parse().unwrap());
    let text = String::from_utf8(send(&service.router, request).await.body).unwrap();
    assert!(
        text.contains("event: completed") && !text.contains("event: queued"),
        "{text}"
    );
    let mut odd = stream(&format!("/api/v1/jobs/{id}/events"));
    odd.headers_mut()
        .insert("last-event-id", "two".parse().unwrap());
    send(&service.router, odd)
        .await
        .is_problem(400, "invalid_header");
}

#[tokio::test]
async fn a_stream_of_a_job_that_does_not_move_ends_after_its_time() {
    let service = serving_as(|mut app| {
        app.stream_for = Duration::from_millis(300);
        app
    })
    .await;
    let id = service.job().await;
    let text = String::from_utf8(
        send(
            &service.router,
            stream(&format!("/api/v1/jobs/{id}/events")),
        )
        .await
        .body,
    )
    .unwrap();
    assert!(text.contains("event: queued"), "{text}");
}

#[tokio::test]
async fn odd_questions_are_refused() {
    let service = serving().await;
    let id = service.job().await;
    for query in [
        "after=x",
        "after=99999999999",
        "wait_s=-1",
        "wait_s=300",
        "since=1",
    ] {
        let path = format!("/api/v1/jobs/{id}/events?{query}");
        send(&service.router, get(&path))
            .await
            .is_problem(400, "invalid_query");
    }
    send(
        &service.router,
        get(&format!("/api/v1/jobs/{}/events", Uuid::nil())),
    )
    .await
    .is_problem(404, "not_found");
}
