use axum::body::Body;
use axum::http::Request;
use leito_http::testing::{Answer, get, send};
use sha2::{Digest, Sha256};

use crate::support::{Service, serving, serving_as};

const CONTENT: &[u8] = b"time_s,velocity_m_s\n0,0.1\n";

fn uploading(bed: &str, query: &str, content: impl Into<Body>) -> Request<Body> {
    Request::post(format!("/api/v1/beds/{bed}/upload?{query}"))
        .body(content.into())
        .unwrap()
}

async fn upload(service: &Service, bed: &str, query: &str, content: impl Into<Body>) -> Answer {
    send(&service.router, uploading(bed, query, content)).await
}

/// Nothing of the bed, in either store, but what waits for the clean-up.
async fn nothing_was_added(service: &Service) {
    assert_eq!(service.sql("SELECT count(*) FROM bed_files").await, "0");
    assert_eq!(
        service
            .sql("SELECT count(*) FROM automation_audits WHERE kind = 'file'")
            .await,
        "0"
    );
}

#[tokio::test]
async fn a_small_file_is_added_and_comes_back_as_it_was() {
    let service = serving().await;
    let bed = service.bed().await;
    let sha256 = hex::encode(Sha256::digest(CONTENT));
    let query = format!("name=inlet%20flow.csv&kind=boundary&sha256={sha256}");
    let added = upload(&service, &bed, &query, CONTENT).await;
    let file = added.is(201);
    assert_eq!(added.header("location"), file["href"].as_str().unwrap());
    assert_eq!(
        (file["name"].as_str(), file["kind"].as_str()),
        (Some("inlet flow.csv"), Some("boundary"))
    );
    assert_eq!(
        (file["content_type"].as_str(), file["bytes"].as_u64()),
        (Some("text/csv"), Some(CONTENT.len() as u64))
    );
    assert_eq!(file["sha256"], sha256);
    let got = send(&service.router, get(file["href"].as_str().unwrap())).await;
    assert_eq!((got.status.as_u16(), got.body.as_slice()), (200, CONTENT));
    assert_eq!(
        service.sql("SELECT action || ' ' || (meta ->> 'name') FROM automation_audits WHERE kind = 'file'").await,
        "created inlet flow.csv"
    );
}

#[tokio::test]
async fn an_empty_file_is_a_file() {
    let service = serving().await;
    let bed = service.bed().await;
    let file = upload(&service, &bed, "name=empty.txt", "").await.is(201);
    assert_eq!(
        (file["bytes"].as_u64(), file["kind"].as_str()),
        (Some(0), Some("upload"))
    );
}

#[tokio::test]
async fn a_file_of_four_megabytes_fits_and_one_byte_more_does_not() {
    let service = serving().await;
    let bed = service.bed().await;
    let most = vec![7; 4 * 1024 * 1024];
    upload(&service, &bed, "name=most.bin", most.clone())
        .await
        .is(201);
    let more = [most.as_slice(), &[7]].concat();
    let refused = upload(&service, &bed, "name=more.bin", more.clone()).await;
    let problem = refused.is_problem(413, "too_large");
    assert!(
        problem["detail"].as_str().unwrap().contains("4096 KiB"),
        "{problem}"
    );
    // with a key the body is read earlier, under the same bound
    for (content, status) in [(most, 201), (more, 413)] {
        let mut keyed = uploading(&bed, "name=keyed.bin", content);
        keyed
            .headers_mut()
            .insert("idempotency-key", "k".parse().unwrap());
        assert_eq!(send(&service.router, keyed).await.status, status);
    }
}

#[tokio::test]
async fn a_repeated_upload_with_the_same_key_adds_one_file() {
    let service = serving().await;
    let bed = service.bed().await;
    let mut ids = Vec::new();
    for _ in 0..2 {
        let mut keyed = uploading(&bed, "name=a.csv", CONTENT);
        keyed
            .headers_mut()
            .insert("idempotency-key", "k".parse().unwrap());
        ids.push(send(&service.router, keyed).await.is(201)["id"].clone());
    }
    assert_eq!(ids[0], ids[1]);
    let mut other = uploading(&bed, "name=a.csv", "x");
    other
        .headers_mut()
        .insert("idempotency-key", "k".parse().unwrap());
    send(&service.router, other)
        .await
        .is_problem(422, "key_reused");
    assert_eq!(service.sql("SELECT count(*) FROM bed_files").await, "1");
}

#[tokio::test]
async fn more_than_the_installation_takes_is_refused() {
    let service = serving_as(|mut app| {
        app.uploads.max_bytes = 10;
        app
    })
    .await;
    let bed = service.bed().await;
    upload(&service, &bed, "name=a.bin", vec![0; 10])
        .await
        .is(201);
    upload(&service, &bed, "name=a.bin", vec![0; 11])
        .await
        .is_problem(413, "file_too_large");
}

#[tokio::test]
async fn another_hash_or_type_than_announced_is_refused() {
    let service = serving().await;
    let bed = service.bed().await;
    let wrong = format!("name=a.csv&sha256={}", "0".repeat(64));
    for (query, content) in [
        (wrong.as_str(), CONTENT),
        ("name=a.png", CONTENT),
        ("name=a.json", b"<html>"),
    ] {
        upload(&service, &bed, query, content)
            .await
            .is_problem(422, "content_mismatch");
    }
    let mut html = uploading(&bed, "name=a.csv", CONTENT);
    html.headers_mut()
        .insert("content-type", "text/html".parse().unwrap());
    send(&service.router, html)
        .await
        .is_problem(422, "content_mismatch");
    nothing_was_added(&service).await;
}

#[tokio::test]
async fn a_name_that_is_a_path_or_a_kind_that_is_no_word_is_refused() {
    let service = serving().await;
    let bed = service.bed().await;
    let long = format!("name={}", "n".repeat(201));
    for query in [
        "name=..%2F..%2Fetc%2Fpasswd",
        "name=..",
        "name=a%5Cb",
        "name=a%00b",
        "name=a%0Ab",
        "name=",
        "",
        &long,
        "name=a&kind=A%20B",
        "name=a&kind=%00",
        "name=a&sha256=beef",
        "name=a&folder=b",
    ] {
        upload(&service, &bed, query, CONTENT)
            .await
            .is_problem(400, "invalid_query");
    }
    nothing_was_added(&service).await;
}

#[tokio::test]
async fn viewers_may_not_add_and_strangers_find_no_bed() {
    let service = serving().await;
    let bed = service.bed().await;
    for (role, status, code) in [(Some("viewer"), 403, "forbidden"), (None, 404, "not_found")] {
        let another = service.for_another(role).await;
        let refused = send(&another, uploading(&bed, "name=a.csv", CONTENT)).await;
        refused.is_problem(status, code);
    }
    nothing_was_added(&service).await;
    let editor = service.for_another(Some("editor")).await;
    send(&editor, uploading(&bed, "name=a.csv", CONTENT))
        .await
        .is(201);
}

#[tokio::test]
async fn whatever_happens_after_the_object_was_made_the_clean_up_will_find_it() {
    let dead = objects::Settings {
        endpoint: objects::Endpoint::emulator("http://127.0.0.1:1"),
        ..objects::Settings::new("none")
    };
    let dead = objects::Objects::connect(&dead).await;
    let service = serving_as(|mut app| {
        app.objects = dead;
        app
    })
    .await;
    let bed = service.bed().await;
    upload(&service, &bed, "name=a.csv", CONTENT)
        .await
        .is_problem(503, "unavailable");
    let client = service.app.store.client().await.unwrap();
    let none = std::time::Duration::ZERO;
    let due = store::object_tombstones::due(&client, none, 10)
        .await
        .unwrap();
    assert!(due[0].object_key.starts_with("uploads/"), "{due:?}");
}
