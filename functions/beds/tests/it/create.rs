use axum::body::Body;
use axum::http::Request;
use leito_http::testing::{get, post, send, signed_in, without_parts};
use serde_json::{Value, json};

use crate::support::{serving, spec};

const PATH: &str = "/api/v1/beds";

fn with_key(key: &str, body: &Value) -> Request<Body> {
    let mut request = post(PATH, body.to_string());
    request
        .headers_mut()
        .insert("idempotency-key", key.parse().unwrap());
    request
}

/// The routes without any part: refusals come before anything is asked of one.
async fn refusing() -> axum::Router {
    let app = without_parts().await;
    let routes = leito_http::service(::beds::router(), app.clone());
    signed_in(routes, &app, testkit::rows::USER)
}

#[tokio::test]
async fn a_bed_is_stored_with_its_plan_and_found_where_the_answer_says() {
    let service = serving().await;
    let created = send(
        &service.router,
        post(PATH, json!({ "spec": spec() }).to_string()),
    )
    .await;
    let bed = created.is(201);
    assert_eq!(bed["name"], "demo");
    assert_eq!(bed["spec"]["packing"]["seed"], 42, "defaults are filled in");
    assert_eq!(bed["plan"]["tube_to_particle_ratio"], 4.0);
    assert!(bed["plan"]["minutes"].as_f64().unwrap() > 0.0);
    assert_eq!(
        send(&service.router, get(created.header("location")))
            .await
            .is(200),
        bed
    );
}

#[tokio::test]
async fn a_bed_can_be_given_in_its_language() {
    let service = serving().await;
    let source = "bed tube { geometry { diameter = 2 cm; height = 10 cm; } particles { diameter = 5 mm; count = 100; } }";
    let bed = send(
        &service.router,
        post(PATH, json!({ "source": source }).to_string()),
    )
    .await
    .is(201);
    assert_eq!(
        (
            bed["name"].as_str(),
            bed["spec"]["geometry"]["diameter_m"].as_f64()
        ),
        (Some("tube"), Some(0.02))
    );
}

#[tokio::test]
async fn every_error_of_the_language_is_told_with_line_and_column() {
    let source = "bed x {\n  geometry { diametre = 2 cm; height = 5 kg; }\n  particles { diameter = 5 mm; count = 100; }\n}";
    let answer = send(
        &refusing().await,
        post(PATH, json!({ "source": source }).to_string()),
    )
    .await;
    let problem = answer.is_problem(422, "invalid_source");
    let errors = problem["errors"].as_array().unwrap();
    assert!(errors.len() >= 2, "{problem}");
    assert!(
        errors
            .iter()
            .all(|error| error["pointer"] == "/source" && error["line"] == 2),
        "{problem}"
    );
    let misspelt = errors
        .iter()
        .find(|error| error["message"].as_str().unwrap().contains("diametre"))
        .unwrap();
    assert_eq!(misspelt["column"], 14);
    assert!(
        misspelt["hint"].as_str().unwrap().contains("diameter"),
        "{problem}"
    );
}

#[tokio::test]
async fn every_wrong_value_is_told_with_a_pointer() {
    let mut wrong = spec();
    wrong["geometry"]["diameter_m"] = json!(-1);
    wrong["particles"]["count"] = json!("many");
    let answer = send(
        &refusing().await,
        post(PATH, json!({ "spec": wrong }).to_string()),
    )
    .await;
    let problem = answer.is_problem(422, "invalid_body");
    let pointers: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].clone())
        .collect();
    assert_eq!(
        pointers,
        ["/spec/geometry/diameter_m", "/spec/particles/count"],
        "{problem}"
    );
}

#[tokio::test]
async fn a_bed_that_cannot_be_is_refused_with_the_numbers() {
    let mut shallow = spec();
    shallow["geometry"]["diameter_m"] = json!(0.1);
    let answer = send(
        &refusing().await,
        post(PATH, json!({ "spec": shallow }).to_string()),
    )
    .await;
    let problem = answer.is_problem(422, "impossible_bed");
    let error = &problem["errors"][0];
    assert_eq!(error["pointer"], "/spec/particles/count");
    assert!(
        error["message"].as_str().unwrap().contains("layers"),
        "{problem}"
    );
}

#[tokio::test]
async fn one_form_of_description_is_needed_and_no_other_field() {
    let router = refusing().await;
    for body in [
        json!({}),
        json!({ "spec": spec(), "source": "bed" }),
        json!({ "specs": spec() }),
        json!([]),
        json!(1),
    ] {
        send(&router, post(PATH, body.to_string()))
            .await
            .is_problem(422, "invalid_body");
    }
}

#[tokio::test]
async fn a_database_that_is_down_is_said_to_be_unavailable() {
    let answer = send(
        &refusing().await,
        post(PATH, json!({ "spec": spec() }).to_string()),
    )
    .await;
    answer.is_problem(503, "unavailable");
    assert_eq!(answer.header("retry-after"), "2");
}

#[tokio::test]
async fn the_same_key_and_body_get_the_same_answer_and_one_bed() {
    let service = serving().await;
    let body = json!({ "spec": spec() });
    let first = send(&service.router, with_key("k-1", &body)).await;
    let second = send(&service.router, with_key("k-1", &body)).await;
    assert_eq!(first.is(201), second.is(201));
    assert_eq!(second.header("idempotency-replayed"), "true");
    assert_eq!(second.header("location"), first.header("location"));
    assert_eq!(second.header("content-type"), "application/json");
    assert_ne!(second.header("x-request-id"), first.header("x-request-id"));
    let all = send(&service.router, get(PATH)).await.is(200);
    assert_eq!(all["beds"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_same_key_with_another_body_is_refused() {
    let service = serving().await;
    send(&service.router, with_key("k-1", &json!({ "spec": spec() })))
        .await
        .is(201);
    let mut other = spec();
    other["name"] = json!("other");
    send(&service.router, with_key("k-1", &json!({ "spec": other })))
        .await
        .is_problem(422, "key_reused");
}

#[tokio::test]
async fn a_refused_request_leaves_its_key_free() {
    let service = serving().await;
    send(&service.router, with_key("k-1", &json!({ "spec": {} })))
        .await
        .is_problem(422, "invalid_body");
    send(&service.router, with_key("k-1", &json!({ "spec": spec() })))
        .await
        .is(201);
}

#[tokio::test]
async fn a_repetition_while_the_first_still_runs_is_told_so() {
    let service = serving().await;
    let body = json!({ "spec": spec() });
    let client = service.app.store.client().await.unwrap();
    // Somebody reads the table of beds exclusively: the first request cannot commit until that ends.
    client
        .batch_execute("BEGIN; LOCK TABLE beds IN EXCLUSIVE MODE")
        .await
        .unwrap();
    let router = service.router.clone();
    let first =
        tokio::spawn(
            async move { send(&router, with_key("k-1", &json!({ "spec": spec() }))).await },
        );
    let observer = service.app.store.client().await.unwrap();
    let waiting =
        "SELECT 1 FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database
        WHERE datname = current_database())";
    while observer.query_opt(waiting, &[]).await.unwrap().is_none() {
        tokio::task::yield_now().await;
    }
    let second = send(&service.router, with_key("k-1", &body)).await;
    second.is_problem(409, "still_running");
    assert_eq!(second.header("retry-after"), "1");
    client.batch_execute("COMMIT").await.unwrap();
    first.await.unwrap().is(201);
    send(&service.router, with_key("k-1", &body)).await.is(201);
}

#[tokio::test]
async fn a_key_must_be_short_and_plain() {
    let router = refusing().await;
    for key in ["", "a b", &"x".repeat(256)] {
        send(&router, with_key(key, &json!({})))
            .await
            .is_problem(400, "invalid_header");
    }
}
