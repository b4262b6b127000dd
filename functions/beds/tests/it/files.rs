use axum::body::Body;
use axum::http::Request;
use leito_http::testing::{get, send};
use store::bed_files::{self, NewFile};
use uuid::Uuid;

use crate::support::{Service, serving, serving_as};

const CONTENT: &[u8] = b"x_m,y_m,z_m,radius_m\n0,0,0.0025,0.0025\n";

/// Stores a file of the bed and gives its path.
async fn stored(service: &Service, bed: &str, name: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let local = folder.path().join("content");
    std::fs::write(&local, CONTENT).unwrap();
    let id = service.app.ids.next();
    let put = service
        .cloud
        .objects
        .put_file(&format!("artifacts/{id}/{id}"), &local)
        .await
        .unwrap();
    let file = NewFile {
        id,
        kind: "particles".to_owned(),
        name: name.to_owned(),
        object_key: put.key,
        content_type: "text/csv".to_owned(),
        bytes: i64::try_from(put.bytes).unwrap(),
        sha256: put.sha256,
    };
    let mut client = service.app.store.client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    bed_files::insert(&tx, bed.parse().unwrap(), None, &[file])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    format!("/api/v1/beds/{bed}/files/{id}")
}

fn asking(path: &str, name: &'static str, value: &str) -> Request<Body> {
    Request::get(path)
        .header(name, value)
        .body(Body::empty())
        .unwrap()
}

#[tokio::test]
async fn files_are_listed_with_size_and_hash_page_by_page() {
    let service = serving().await;
    let bed = service.bed().await;
    let list = format!("/api/v1/beds/{bed}/files");
    assert_eq!(
        send(&service.router, get(&list)).await.is(200)["files"],
        serde_json::json!([])
    );
    for name in ["a.csv", "b.csv", "c.csv"] {
        stored(&service, &bed, name).await;
    }
    let first = send(&service.router, get(&format!("{list}?limit=2")))
        .await
        .is(200);
    assert_eq!(first["files"][0]["name"], "a.csv");
    assert_eq!(first["files"][0]["bytes"], CONTENT.len());
    assert_eq!(first["files"][0]["sha256"].as_str().unwrap().len(), 64);
    assert!(first["files"][0].get("object_key").is_none(), "{first}");
    let next = first["next"].as_str().unwrap();
    let second = send(
        &service.router,
        get(&format!("{list}?limit=2&after={next}")),
    )
    .await
    .is(200);
    assert_eq!(
        (second["files"][0]["name"].as_str(), second["next"].as_str()),
        (Some("c.csv"), None)
    );
}

#[tokio::test]
async fn a_file_is_downloaded_as_it_was_stored() {
    let service = serving().await;
    let bed = service.bed().await;
    let path = stored(&service, &bed, "particles.csv").await;
    let answer = send(&service.router, get(&path)).await;
    assert_eq!(
        (answer.status.as_u16(), answer.body.as_slice()),
        (200, CONTENT)
    );
    assert_eq!(answer.header("content-type"), "text/csv");
    assert_eq!(answer.header("content-length"), CONTENT.len().to_string());
    assert!(
        answer
            .header("content-disposition")
            .starts_with("attachment; filename=\"particles.csv\"")
    );
    let tag = answer.header("etag").to_owned();
    let known = send(&service.router, asking(&path, "if-none-match", &tag)).await;
    assert_eq!((known.status.as_u16(), known.body.len()), (304, 0));
}

#[tokio::test]
async fn an_interrupted_download_goes_on() {
    let service = serving().await;
    let bed = service.bed().await;
    let path = stored(&service, &bed, "particles.csv").await;
    let rest = send(&service.router, asking(&path, "range", "bytes=4-")).await;
    assert_eq!(
        (rest.status.as_u16(), rest.body.as_slice()),
        (206, &CONTENT[4..])
    );
    let size = CONTENT.len();
    assert_eq!(
        rest.header("content-range"),
        format!("bytes 4-{}/{size}", size - 1)
    );
    let part = send(&service.router, asking(&path, "range", "bytes=0-2")).await;
    assert_eq!(part.body, &CONTENT[..3]);
    let beyond = send(&service.router, asking(&path, "range", "bytes=100000-")).await;
    beyond.is_problem(416, "range_not_satisfiable");
    assert_eq!(beyond.header("content-range"), format!("bytes */{size}"));
}

#[tokio::test]
async fn a_hostile_name_stays_a_name() {
    let service = serving().await;
    let bed = service.bed().await;
    let path = stored(&service, &bed, "..\\\"\r\nset-cookie: x=.html").await;
    let answer = send(&service.router, get(&path)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("set-cookie"), "");
    assert!(
        answer
            .header("content-disposition")
            .starts_with("attachment; filename=\"..____set-cookie_ x_.html\"")
    );
}

#[tokio::test]
async fn on_lambda_a_download_is_a_short_lived_address() {
    let service = serving_as(leito_http::App::on_lambda).await;
    let bed = service.bed().await;
    let path = stored(&service, &bed, "particles.csv").await;
    let answer = send(&service.router, get(&path)).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("cache-control")),
        (302, "no-store")
    );
    let address = answer.header("location");
    assert!(
        address.contains("X-Amz-Signature") && address.contains("X-Amz-Expires=300"),
        "{address}"
    );
}

#[tokio::test]
async fn a_file_of_another_bed_is_not_found() {
    let service = serving().await;
    let (bed, other) = (service.bed().await, service.bed().await);
    let path = stored(&service, &bed, "particles.csv").await;
    send(&service.router, get(&path.replace(&bed, &other)))
        .await
        .is_problem(404, "not_found");
    let missing = format!("/api/v1/beds/{bed}/files/{}", Uuid::nil());
    send(&service.router, get(&missing))
        .await
        .is_problem(404, "not_found");
    let no_bed = format!("/api/v1/beds/{}/files", Uuid::nil());
    send(&service.router, get(&no_bed))
        .await
        .is_problem(404, "not_found");
}
