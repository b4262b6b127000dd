use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::http::Request;
use axum::routing::get as on_get;
use axum::{Json, Router};
use serde_json::json;

use leito_http::testing::{around, get, send};

fn counted(count: Arc<AtomicU32>) -> Router<leito_http::App> {
    Router::new()
        .route(
            "/count",
            on_get(async move || Json(json!({ "count": count.load(Ordering::Relaxed) }))),
        )
        .route("/text", on_get(|| async { "text" }))
}

#[tokio::test]
async fn a_poll_that_finds_nothing_new_gets_no_body_and_one_that_does_gets_it() {
    let count = Arc::new(AtomicU32::new(1));
    let router = around(counted(Arc::clone(&count))).await;
    let first = send(&router, get("/api/v1/count")).await;
    let tag = first.header("etag").to_owned();
    assert!(
        tag.starts_with('"') && tag.ends_with('"') && tag.len() > 10,
        "{tag}"
    );
    let again = || {
        Request::get("/api/v1/count")
            .header("if-none-match", &tag)
            .body("".into())
            .unwrap()
    };

    let unchanged = send(&router, again()).await;
    assert_eq!((unchanged.status.as_u16(), unchanged.body.len()), (304, 0));
    assert_eq!(unchanged.header("etag"), tag);

    count.store(2, Ordering::Relaxed);
    let changed = send(&router, again()).await;
    assert_eq!(
        (changed.status.as_u16(), changed.json()),
        (200, json!({ "count": 2 }))
    );
    assert_ne!(changed.header("etag"), tag);
}

#[tokio::test]
async fn only_json_answers_are_tagged() {
    let router = around(counted(Arc::default())).await;
    assert_eq!(send(&router, get("/api/v1/text")).await.header("etag"), "");
    assert_eq!(send(&router, get("/api/v1/none")).await.header("etag"), "");
}
