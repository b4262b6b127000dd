//! Uploads that come to nothing.

use leito_http::testing::{get, send};
use serde_json::{Value, json};

use super::{complete, deleting, described, nothing_is_left, path, send_parts, small_parts, start};
use crate::support::{serving, serving_as};

#[tokio::test]
async fn a_wrong_hash_size_or_type_ends_the_upload_and_nothing_of_it_stays() {
    let text = b"x,y\n1,2\n".to_vec();
    let mut wrong_hash = described(&text);
    wrong_hash["sha256"] = json!("0".repeat(64));
    let mut wrong_type = described(&text);
    wrong_type["name"] = json!("picture.png");
    for about in [wrong_hash, wrong_type] {
        let service = small_parts().await;
        let bed = service.bed().await;
        let upload = start(&service.router, &bed, &about).await.is(201);
        send_parts(&upload, &text).await;
        let path = path(&bed, &upload);
        complete(&service.router, &path)
            .await
            .is_problem(422, "content_mismatch");
        nothing_is_left(&service, &upload).await;
        complete(&service.router, &path)
            .await
            .is_problem(404, "not_found");
    }
}

#[tokio::test]
async fn what_cannot_be_is_refused_before_anything_is_sent() {
    let service = serving_as(|mut app| {
        app.uploads.max_bytes = 1000;
        app
    })
    .await;
    let bed = service.bed().await;
    let good = json!({ "name": "a.csv", "bytes": 1000, "sha256": "a".repeat(64) });
    let with = |field: &str, value: Value| {
        let mut about = good.clone();
        about[field] = value;
        about
    };
    for (about, pointer) in [
        (with("name", json!("../../etc/passwd")), "/name"),
        (with("name", json!("a\nb")), "/name"),
        (with("kind", json!("No Kind")), "/kind"),
        (with("bytes", json!(0)), "/bytes"),
        (with("sha256", json!("A".repeat(64))), "/sha256"),
    ] {
        let problem = start(&service.router, &bed, &about)
            .await
            .is_problem(422, "invalid_body");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    for about in [
        with("bytes", json!(-1)),
        with("bytes", json!(1e300)),
        with("parts", json!(3)),
    ] {
        start(&service.router, &bed, &about)
            .await
            .is_problem(422, "invalid_body");
    }
    start(&service.router, &bed, &with("bytes", json!(1001)))
        .await
        .is_problem(413, "file_too_large");
    start(
        &service.router,
        &bed,
        &with("content_type", json!("image/png")),
    )
    .await
    .is_problem(422, "content_mismatch");
    assert_eq!(service.sql("SELECT count(*) FROM uploads").await, "0");
    start(&service.router, &bed, &good).await.is(201);
}

#[tokio::test]
async fn an_upload_is_its_authors_alone() {
    let service = small_parts().await;
    let bed = service.bed().await;
    let text = b"x,y\n1,2\n".to_vec();
    for (role, status, code) in [(Some("viewer"), 403, "forbidden"), (None, 404, "not_found")] {
        let another = service.for_another(role).await;
        start(&another, &bed, &described(&text))
            .await
            .is_problem(status, code);
    }
    let upload = start(&service.router, &bed, &described(&text))
        .await
        .is(201);
    send_parts(&upload, &text).await;
    let path = path(&bed, &upload);
    for role in [Some("owner"), Some("viewer"), None] {
        let another = service.for_another(role).await;
        let found = [
            send(&another, get(&path)).await,
            complete(&another, &path).await,
            send(&another, deleting(&path)).await,
        ];
        for answer in found {
            assert!(
                answer.status == 404 || (role == Some("viewer") && answer.status == 403),
                "{answer:?}"
            );
        }
    }
    let of_another_bed = path.replace(&bed, &service.bed_named("other").await);
    send(&service.router, get(&of_another_bed))
        .await
        .is_problem(404, "not_found");
    complete(&service.router, &path).await.is(201);
}

#[tokio::test]
async fn an_upload_out_of_time_or_whose_bed_is_gone_is_left_to_the_clean_up() {
    let service = serving().await;
    let bed = service.bed().await;
    let text = b"x,y\n1,2\n".to_vec();
    let upload = start(&service.router, &bed, &described(&text))
        .await
        .is(201);
    send_parts(&upload, &text).await;
    let client = service.app.store.client().await.unwrap();
    let stale = async || store::uploads::stale(&client, 10).await.unwrap();
    assert_eq!(stale().await, []);
    client
        .batch_execute("UPDATE uploads SET expires_at = now() - interval '1 s'")
        .await
        .unwrap();
    complete(&service.router, &path(&bed, &upload))
        .await
        .is_problem(404, "not_found");
    assert_eq!(stale().await.len(), 1);
    client
        .batch_execute("UPDATE uploads SET expires_at = now() + interval '1 h'")
        .await
        .unwrap();
    client.batch_execute("DELETE FROM beds").await.unwrap();
    assert_eq!(
        stale().await[0].id.to_string(),
        upload["id"].as_str().unwrap()
    );
}
