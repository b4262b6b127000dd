//! Large files, sent in parts to the object store itself.

mod refusals;
mod verified;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use leito_http::testing::{Answer, get, post, send};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::{Service, serving_as};

const PART: usize = 5 * 1024 * 1024;

/// Two whole parts and a bit, of text.
fn content() -> Vec<u8> {
    b"0123456789\n"
        .iter()
        .copied()
        .cycle()
        .take(2 * PART + 1000)
        .collect()
}

async fn small_parts() -> Service {
    serving_as(|mut app| {
        app.uploads.chunk_bytes = PART as u64;
        app
    })
    .await
}

fn described(content: &[u8]) -> Value {
    json!({ "name": "particles.csv", "bytes": content.len(), "sha256": hex::encode(Sha256::digest(content)) })
}

async fn start(router: &Router, bed: &str, about: &Value) -> Answer {
    send(
        router,
        post(&format!("/api/v1/beds/{bed}/uploads"), about.to_string()),
    )
    .await
}

/// Sends the parts that the answer asks for, as somebody without credentials.
async fn send_parts(upload: &Value, content: &[u8]) {
    for part in upload["to_send"].as_array().unwrap() {
        let number = |field: &str| usize::try_from(part[field].as_u64().unwrap()).unwrap();
        let piece = content[number("offset")..][..number("bytes")].to_vec();
        let url = part["url"].as_str().unwrap();
        let sent = reqwest::Client::new()
            .put(url)
            .body(piece)
            .send()
            .await
            .unwrap();
        assert!(sent.status().is_success(), "{sent:?}");
    }
}

fn path(bed: &str, upload: &Value) -> String {
    format!(
        "/api/v1/beds/{bed}/uploads/{}",
        upload["id"].as_str().unwrap()
    )
}

fn deleting(path: &str) -> Request<Body> {
    Request::delete(path).body(Body::empty()).unwrap()
}

async fn complete(router: &Router, path: &str) -> Answer {
    send(router, post(&format!("{path}/complete"), "")).await
}

/// Neither rows nor objects are left, but for a tombstone.
async fn nothing_is_left(service: &Service, upload: &Value) {
    assert_eq!(service.sql("SELECT count(*) FROM uploads").await, "0");
    assert_eq!(service.sql("SELECT count(*) FROM bed_files").await, "0");
    let key = format!("uploads/{}", upload["id"].as_str().unwrap());
    assert_eq!(service.cloud.objects.head(&key).await.unwrap(), None);
    assert_eq!(
        service
            .sql("SELECT object_key FROM object_tombstones")
            .await,
        key
    );
}

#[tokio::test]
async fn a_large_file_is_sent_in_parts_and_becomes_a_file_of_the_bed() {
    let service = small_parts().await;
    let bed = service.bed().await;
    let content = content();
    let begun = start(&service.router, &bed, &described(&content)).await;
    let upload = begun.is(201);
    let path = path(&bed, &upload);
    assert_eq!(begun.header("location"), path);
    assert_eq!(
        (upload["parts"].as_u64(), upload["part_bytes"].as_u64()),
        (Some(3), Some(PART as u64))
    );
    assert_eq!(
        (
            upload["to_send"].as_array().unwrap().len(),
            upload["next_from"].as_u64()
        ),
        (3, None)
    );
    assert_eq!(upload["to_send"][2]["bytes"], 1000);
    send_parts(&upload, &content).await;
    let file = complete(&service.router, &path).await.is(201);
    assert_eq!(
        (&file["id"], &file["bytes"]),
        (&upload["id"], &json!(content.len()))
    );
    assert_eq!(
        (file["content_type"].as_str(), file["kind"].as_str()),
        (Some("text/csv"), Some("upload"))
    );
    let got = send(&service.router, get(file["href"].as_str().unwrap())).await;
    assert!(got.body == content, "{}", got.body.len());
    // once more, because the answer was lost
    assert_eq!(complete(&service.router, &path).await.is(200), file);
    send(&service.router, get(&path))
        .await
        .is_problem(404, "not_found");
    let audits =
        "SELECT count(*) FROM automation_audits WHERE kind = 'file' AND action = 'created'";
    assert_eq!(service.sql(audits).await, "1");
}

#[tokio::test]
async fn an_interrupted_upload_goes_on_with_what_is_missing() {
    let service = small_parts().await;
    let bed = service.bed().await;
    let content = content();
    let mut begun = start(&service.router, &bed, &described(&content))
        .await
        .is(201);
    let path = path(&bed, &begun);
    begun["to_send"].as_array_mut().unwrap().remove(1);
    send_parts(&begun, &content).await;
    let early = complete(&service.router, &path)
        .await
        .is_problem(409, "upload_incomplete");
    assert_eq!(early["detail"], "1 of 3 parts are missing or cut: 2");
    let listed = send(&service.router, get(&format!("/api/v1/beds/{bed}/uploads")))
        .await
        .is(200);
    assert_eq!(
        (&listed["uploads"][0]["href"], &listed["uploads"][0]["name"]),
        (&json!(path), &json!("particles.csv"))
    );
    let open = send(&service.router, get(&path)).await.is(200);
    assert_eq!(
        (&open["received_parts"], &open["received_bytes"]),
        (&json!(2), &json!(PART + 1000))
    );
    assert_eq!(
        (
            open["to_send"].as_array().unwrap().len(),
            &open["to_send"][0]["number"]
        ),
        (1, &json!(2))
    );
    send_parts(&open, &content).await;
    complete(&service.router, &path).await.is(201);
}

#[tokio::test]
async fn a_completion_that_died_after_joining_the_parts_is_repeated() {
    let service = small_parts().await;
    let bed = service.bed().await;
    let content = b"x,y\n1,2\n".to_vec();
    let upload = start(&service.router, &bed, &described(&content))
        .await
        .is(201);
    send_parts(&upload, &content).await;
    let key = format!("uploads/{}", upload["id"].as_str().unwrap());
    let id = service.sql("SELECT multipart_id FROM uploads").await;
    let objects = &service.cloud.objects;
    let parts = objects.list_parts(&key, &id).await.unwrap().unwrap();
    objects.join_parts(&key, &id, &parts).await.unwrap();
    complete(&service.router, &path(&bed, &upload))
        .await
        .is(201);
}

#[tokio::test]
async fn an_aborted_upload_leaves_nothing() {
    let service = small_parts().await;
    let bed = service.bed().await;
    let content = content();
    let upload = start(&service.router, &bed, &described(&content))
        .await
        .is(201);
    send_parts(&upload, &content).await;
    let id = service.sql("SELECT multipart_id FROM uploads").await;
    let path = path(&bed, &upload);
    assert_eq!(send(&service.router, deleting(&path)).await.status, 204);
    nothing_is_left(&service, &upload).await;
    let key = format!("uploads/{}", upload["id"].as_str().unwrap());
    assert_eq!(
        service.cloud.objects.list_parts(&key, &id).await.unwrap(),
        None
    );
    send(&service.router, deleting(&path))
        .await
        .is_problem(404, "not_found");
    complete(&service.router, &path)
        .await
        .is_problem(404, "not_found");
}

#[tokio::test]
async fn addresses_come_a_hundred_at_a_time() {
    let service = serving_as(|mut app| {
        app.uploads.chunk_bytes = PART as u64;
        app.uploads.max_bytes = u64::MAX;
        app
    })
    .await;
    let bed = service.bed().await;
    let about = json!({ "name": "a.bin", "bytes": 250 * PART, "sha256": "a".repeat(64) });
    let upload = start(&service.router, &bed, &about).await.is(201);
    assert_eq!(
        (
            upload["to_send"].as_array().unwrap().len(),
            &upload["next_from"]
        ),
        (100, &json!(101))
    );
    let rest = send(
        &service.router,
        get(&format!("{}?from=201", path(&bed, &upload))),
    )
    .await
    .is(200);
    assert_eq!(
        (&rest["to_send"][0]["number"], &rest["next_from"]),
        (&json!(201), &Value::Null)
    );
    assert_eq!(rest["to_send"].as_array().unwrap().len(), 50);
    let zeroth = format!("{}?from=0", path(&bed, &upload));
    send(&service.router, get(&zeroth))
        .await
        .is_problem(400, "invalid_query");
}
