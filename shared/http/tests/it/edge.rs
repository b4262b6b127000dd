use axum::Router;
use axum::http::Request;
use axum::routing::{get as on_get, post as on_post};
use leito_http::{App, Problem};

use leito_http::testing::{around, get, post, send};

fn toys() -> Router<App> {
    Router::new()
        .route("/fine", on_get(|| async { "fine" }))
        .route("/panic", on_get(panics))
        .route("/slow", on_get(std::future::pending::<()>))
        .route(
            "/broken",
            on_get(|| async { Problem::internal(std::io::Error::other("password=hunter2")) }),
        )
        .route(
            "/read",
            on_post(|_: leito_http::Json<serde_json::Value>| async { "read" }),
        )
}

async fn panics() -> &'static str {
    panic!("the secret is hunter2")
}

#[tokio::test]
async fn every_answer_carries_a_request_id_of_its_own() {
    let router = around(toys()).await;
    let first = send(&router, get("/api/v1/fine")).await;
    let second = send(&router, get("/api/v1/fine")).await;
    assert!(!first.header("x-request-id").is_empty());
    assert_ne!(first.header("x-request-id"), second.header("x-request-id"));
    assert_eq!(first.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn a_plain_request_id_is_kept_and_an_odd_one_is_not() {
    let router = around(toys()).await;
    let with = |id: &'static str| {
        Request::get("/api/v1/none")
            .header("x-request-id", id)
            .body("".into())
            .unwrap()
    };
    assert_eq!(
        send(&router, with("trace-7.a_b"))
            .await
            .is_problem(404, "no_such_route")["request_id"],
        "trace-7.a_b"
    );
    let long = Box::leak("x".repeat(65).into_boxed_str());
    for odd in ["a b", "a\"b", "", long] {
        assert_ne!(send(&router, with(odd)).await.header("x-request-id"), odd);
    }
}

#[tokio::test]
async fn an_unknown_route_is_a_problem() {
    let router = around(toys()).await;
    for path in [
        "/",
        "/api/v1",
        "/api/v2/fine",
        "/fine",
        "/api/v1/fine/",
        "/api/v1/%00",
    ] {
        send(&router, get(path))
            .await
            .is_problem(404, "no_such_route");
    }
}

#[tokio::test]
async fn a_method_that_the_route_does_not_know_is_a_problem_that_names_those_it_does() {
    let router = around(toys()).await;
    let answer = send(&router, post("/api/v1/fine", "")).await;
    answer.is_problem(405, "method_not_allowed");
    assert_eq!(answer.header("allow"), "GET,HEAD");
}

#[tokio::test]
async fn a_panic_is_an_answer_that_says_nothing_internal() {
    let router = around(toys()).await;
    let problem = send(&router, get("/api/v1/panic"))
        .await
        .is_problem(500, "internal");
    assert!(!problem.to_string().contains("hunter2"), "{problem}");
}

#[tokio::test]
async fn the_cause_of_a_failure_stays_inside() {
    let router = around(toys()).await;
    let problem = send(&router, get("/api/v1/broken"))
        .await
        .is_problem(500, "internal");
    assert!(!problem.to_string().contains("hunter2"), "{problem}");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_takes_too_long_is_given_up() {
    let router = around(toys()).await;
    send(&router, get("/api/v1/slow"))
        .await
        .is_problem(503, "timed_out");
}

#[tokio::test]
async fn a_body_above_the_limit_is_refused_whether_or_not_it_says_its_length() {
    let router = around(toys()).await;
    let large = format!("\"{}\"", "x".repeat(leito_http::MAX_BODY_BYTES));
    send(&router, post("/api/v1/read", large.clone()))
        .await
        .is_problem(413, "too_large");
    let pieces = futures::stream::iter(vec![Ok::<_, std::io::Error>(large)]);
    send(
        &router,
        post("/api/v1/read", axum::body::Body::from_stream(pieces)),
    )
    .await
    .is_problem(413, "too_large");
    let fits = format!("\"{}\"", "x".repeat(leito_http::MAX_BODY_BYTES - 2));
    assert_eq!(send(&router, post("/api/v1/read", fits)).await.status, 200);
}
