//! Contents that take longer to read than a request may.

use leito_http::testing::{get, post, send};
use serde_json::json;

use super::{PART, complete, content, described, path, send_parts, start};
use crate::support::{Service, serving_as};

/// As if every request's time were over after one step.
async fn in_a_hurry() -> Service {
    serving_as(|mut app| {
        app.uploads.chunk_bytes = PART as u64;
        app.works_for = std::time::Duration::ZERO;
        app
    })
    .await
}

#[tokio::test]
async fn a_content_that_takes_longer_than_a_request_is_verified_by_asking_again() {
    let service = in_a_hurry().await;
    let bed = service.bed().await;
    let content = content();
    let upload = start(&service.router, &bed, &described(&content))
        .await
        .is(201);
    send_parts(&upload, &content).await;
    let path = path(&bed, &upload);
    for verified in [PART, 2 * PART] {
        let mut keyed = post(&format!("{path}/complete"), "");
        let headers = keyed.headers_mut();
        headers.insert("idempotency-key", "one".parse().unwrap());
        let so_far = send(&service.router, keyed).await;
        assert_eq!(so_far.header("retry-after"), "0");
        let expected = json!({ "verified_bytes": verified, "bytes": content.len() });
        assert_eq!(so_far.is(202), expected);
        let open = send(&service.router, get(&path)).await.is(200);
        assert_eq!(open["id"], upload["id"], "it is open still");
    }
    let file = complete(&service.router, &path).await.is(201);
    let got = send(&service.router, get(file["href"].as_str().unwrap())).await;
    assert!(got.body == content, "{}", got.body.len());
}

#[tokio::test]
async fn what_was_hashed_before_counts_and_a_state_of_another_version_does_not() {
    let service = in_a_hurry().await;
    let bed = service.bed().await;
    let content = content();
    let client = service.app.store.client().await.unwrap();
    let after_a_step = async |state: &str| {
        let upload = start(&service.router, &bed, &described(&content))
            .await
            .is(201);
        send_parts(&upload, &content).await;
        let path = path(&bed, &upload);
        complete(&service.router, &path).await.is(202);
        let change = format!("UPDATE uploads SET hash_state = {state}");
        client.batch_execute(&change).await.unwrap();
        path
    };
    let path = after_a_step("'not a state'").await;
    let again = complete(&service.router, &path).await.is(202);
    assert_eq!(again["verified_bytes"], PART, "from the beginning");
    client.batch_execute("DELETE FROM uploads").await.unwrap();
    // the state of a hash of something else: the bytes before it are not read again
    let path = after_a_step("overlay(hash_state PLACING '\\x00' FROM 1)").await;
    let again = complete(&service.router, &path).await.is(202);
    assert_eq!(again["verified_bytes"], 2 * PART);
    let bad = complete(&service.router, &path).await;
    bad.is_problem(422, "content_mismatch");
}
