use axum::http::Request;
use leito_http::testing::{get, send};
use uuid::Uuid;

use crate::support::serving;

#[tokio::test]
async fn a_bed_that_is_not_there_is_not_found() {
    let service = serving().await;
    let problem = send(
        &service.router,
        get(&format!("/api/v1/beds/{}", Uuid::nil())),
    )
    .await
    .is_problem(404, "not_found");
    assert_eq!(
        problem["detail"],
        format!("there is no bed {}", Uuid::nil())
    );
    send(&service.router, get("/api/v1/beds/17"))
        .await
        .is_problem(400, "invalid_path");
}

#[tokio::test]
async fn a_bed_that_the_caller_has_is_not_sent_again() {
    let service = serving().await;
    let path = format!("/api/v1/beds/{}", service.bed().await);
    let first = send(&service.router, get(&path)).await;
    first.is(200);
    let again = Request::get(&path)
        .header("if-none-match", first.header("etag"))
        .body("".into())
        .unwrap();
    assert_eq!(send(&service.router, again).await.status, 304);
}
