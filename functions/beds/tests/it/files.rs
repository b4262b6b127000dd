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
        unpacked: None,
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
    let (bed, other) = (service.bed().await, service.bed_named("other").await);
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

fn deleting(path: &str) -> Request<Body> {
    Request::delete(path).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn the_list_is_cut_down_by_kind_and_simulation() {
    let service = serving().await;
    let bed = service.bed().await;
    for name in ["a.csv", "b.csv", "c.csv"] {
        stored(&service, &bed, name).await;
    }
    let client = service.app.store.client().await.unwrap();
    let simulation = service.app.ids.next();
    let of_simulation = format!(
        "INSERT INTO simulations (id, bed_id, regime, velocities_m_s, conditions)
             VALUES ('{simulation}', '{bed}', 'laminar', '{{0.1}}', '{{}}');
         UPDATE bed_files SET kind = 'log', simulation_id = '{simulation}' WHERE name = 'b.csv'"
    );
    client.batch_execute(&of_simulation).await.unwrap();
    drop(client);
    let names = async |query: &str| {
        let list = format!("/api/v1/beds/{bed}/files?{query}");
        let answer = send(&service.router, get(&list)).await.is(200);
        let files = answer["files"].as_array().unwrap().clone();
        let names: Vec<_> = files
            .iter()
            .map(|file| file["name"].as_str().unwrap().to_owned())
            .collect();
        names.join(" ")
    };
    assert_eq!(names("kind=particles").await, "a.csv c.csv");
    assert_eq!(names("kind=log").await, "b.csv");
    assert_eq!(names(&format!("simulation_id={simulation}")).await, "b.csv");
    assert_eq!(
        names(&format!("simulation_id={simulation}&kind=particles")).await,
        ""
    );
    assert_eq!(names("offset=1&limit=1").await, "b.csv");
    for bad in [
        "limit=0",
        "limit=501",
        "offset=10001",
        "kind=%00",
        "kind=A",
        "order=x",
    ] {
        let list = format!("/api/v1/beds/{bed}/files?{bad}");
        send(&service.router, get(&list))
            .await
            .is_problem(400, "invalid_query");
    }
}

#[tokio::test]
async fn a_deleted_file_is_gone_and_its_object_waits_for_the_clean_up() {
    let service = serving().await;
    let bed = service.bed().await;
    let path = stored(&service, &bed, "particles.csv").await;
    let key = service.sql("SELECT object_key FROM bed_files").await;
    assert_eq!(send(&service.router, deleting(&path)).await.status, 204);
    send(&service.router, get(&path))
        .await
        .is_problem(404, "not_found");
    send(&service.router, deleting(&path))
        .await
        .is_problem(404, "not_found");
    assert_eq!(
        service
            .sql("SELECT object_key FROM object_tombstones")
            .await,
        key
    );
    let audit =
        "SELECT action || ' ' || (meta ->> 'name') FROM automation_audits WHERE kind = 'file'";
    assert_eq!(service.sql(audit).await, "deleted particles.csv");
}

#[tokio::test]
async fn only_editors_delete_files() {
    let service = serving().await;
    let bed = service.bed().await;
    let path = stored(&service, &bed, "particles.csv").await;
    for (role, status, code) in [(Some("viewer"), 403, "forbidden"), (None, 404, "not_found")] {
        let another = service.for_another(role).await;
        send(&another, deleting(&path))
            .await
            .is_problem(status, code);
    }
    let editor = service.for_another(Some("editor")).await;
    assert_eq!(send(&editor, deleting(&path)).await.status, 204);
}

#[tokio::test]
async fn a_download_is_counted_once_with_its_bytes() {
    let service = serving().await;
    let bed = service.bed().await;
    let path = stored(&service, &bed, "particles.csv").await;
    let tag = send(&service.router, get(&path))
        .await
        .header("etag")
        .to_owned();
    send(&service.router, asking(&path, "range", "bytes=0-2")).await;
    send(&service.router, asking(&path, "if-none-match", &tag)).await;
    let sum =
        |kind: &str| format!("SELECT sum(amount)::bigint FROM usage_events WHERE kind = '{kind}'");
    assert_eq!(service.sql(&sum("downloads")).await, "1");
    assert_eq!(
        service.sql(&sum("bytes_downloaded")).await,
        (CONTENT.len() + 3).to_string()
    );
}
