use std::time::{Duration, Instant};

use leito_http::service;
use leito_http::testing::{self, get, send, with_store, without_parts};
use serde_json::Value;
use testkit::{Cloud, database};

const PATH: &str = "/api/v1/health";

fn up(health: &Value) -> Vec<(&str, bool)> {
    let parts = health["parts"].as_array().unwrap();
    parts
        .iter()
        .map(|part| {
            (
                part["name"].as_str().unwrap(),
                part["up"].as_bool().unwrap(),
            )
        })
        .collect()
}

#[tokio::test]
async fn everything_answers_with_its_latency() {
    let (cloud, database) = (Cloud::new().await, database().await);
    let app = testing::app(
        database.store().clone(),
        cloud.queue.clone(),
        cloud.objects.clone(),
    );
    let health = send(&service(health::router(), app), get(PATH))
        .await
        .is(200);
    assert_eq!(health["status"], "ok");
    assert_eq!(
        up(&health),
        [
            ("database", true),
            ("objects", true),
            ("packing_queue", true),
            ("flow_queue", true)
        ]
    );
    assert!(
        health["parts"]
            .as_array()
            .unwrap()
            .iter()
            .all(|part| part["latency_ms"].as_f64().unwrap() > 0.0)
    );
}

#[tokio::test]
async fn without_queues_requests_are_still_accepted() {
    let (cloud, database) = (Cloud::new().await, database().await);
    let mut app = with_store(database.store().clone()).await;
    app.objects = cloud.objects.clone();
    let health = send(&service(health::router(), app), get(PATH))
        .await
        .is(200);
    assert_eq!(health["status"], "degraded");
    assert_eq!(
        up(&health),
        [
            ("database", true),
            ("objects", true),
            ("packing_queue", false),
            ("flow_queue", false)
        ]
    );
}

#[tokio::test]
async fn without_a_needed_part_it_is_down_soon_and_says_no_secret() {
    let began = Instant::now();
    let health = send(&service(health::router(), without_parts().await), get(PATH))
        .await
        .is(503);
    assert!(began.elapsed() < Duration::from_secs(4));
    assert_eq!(health["status"], "down");
    assert_eq!(up(&health)[0], ("database", false));
    let text = health.to_string();
    assert!(
        !text.contains("127.0.0.1") && !text.contains("nobody"),
        "{text}"
    );
}
