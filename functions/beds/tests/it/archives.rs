//! All files of a bed at once. What is in an archive is told by Python's `zipfile`.

use std::process::Command;

use axum::body::Body;
use axum::http::Request;
use leito_http::testing::{get, send};
use store::bed_files::{self, NewFile};
use testkit::rows;
use uuid::Uuid;

use crate::support::{Service, serving, serving_as};

/// Records a file of the bed, or of one of its simulations, whose content is its name.
async fn stored(service: &Service, bed: &str, simulation: Option<Uuid>, name: &str) -> String {
    let id = service.app.ids.next();
    let object_key = format!("artifacts/{id}");
    let content = name.as_bytes().to_vec();
    let bytes = i64::try_from(content.len()).unwrap();
    service
        .cloud
        .objects
        .put_bytes(&object_key, content)
        .await
        .unwrap();
    let file = NewFile {
        id,
        kind: "table".to_owned(),
        name: name.to_owned(),
        object_key: object_key.clone(),
        content_type: "text/csv".to_owned(),
        bytes,
        sha256: "a".repeat(64),
        unpacked: None,
    };
    let mut client = service.app.store.client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    bed_files::insert(&tx, bed.parse().unwrap(), simulation, &[file])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    object_key
}

async fn simulation(service: &Service, bed: &str) -> Uuid {
    let id = service.app.ids.next();
    let mut client = service.app.store.client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    store::simulations::insert(&tx, &rows::simulation(id, bed.parse().unwrap()))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    id
}

fn names_and_contents(zip: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("it.zip"), zip).unwrap();
    let script = "import zipfile\nz = zipfile.ZipFile('it.zip')\nassert z.testzip() is None\n\
        print([(n, z.read(n).decode()) for n in z.namelist()])";
    let python = Command::new("python3")
        .args(["-c", script])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(
        python.status.success(),
        "{}",
        String::from_utf8_lossy(&python.stderr)
    );
    String::from_utf8(python.stdout).unwrap().trim().to_owned()
}

#[tokio::test]
async fn an_archive_holds_every_file_with_those_of_simulations_in_folders() {
    let service = serving().await;
    let bed = service.bed().await;
    let simulation = simulation(&service, &bed).await;
    stored(&service, &bed, None, "particles.csv").await;
    stored(&service, &bed, None, "particles.csv").await;
    stored(&service, &bed, Some(simulation), "flow.csv").await;
    let path = format!("/api/v1/beds/{bed}/files.zip");
    let answer = send(&service.router, get(&path)).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("content-type")),
        (200, "application/zip")
    );
    assert_eq!(
        answer.header("content-length"),
        answer.body.len().to_string()
    );
    assert!(
        answer
            .header("content-disposition")
            .starts_with("attachment; filename=\"demo.zip\"")
    );
    assert_eq!(
        names_and_contents(&answer.body),
        format!(
            "[('particles.csv', 'particles.csv'), ('particles (2).csv', 'particles.csv'), \
             ('{simulation}/flow.csv', 'flow.csv')]"
        )
    );
    let known = Request::get(&path)
        .header("if-none-match", answer.header("etag"))
        .body(Body::empty());
    assert_eq!(send(&service.router, known.unwrap()).await.status, 304);
    let downloads = "SELECT sum(amount)::bigint FROM usage_events WHERE kind = 'downloads'";
    assert_eq!(service.sql(downloads).await, "1");
}

/// Records a table of the packing as a job does: compressed.
async fn stored_compressed(service: &Service, bed: &str, content: &str) {
    let folder = tempfile::tempdir().unwrap();
    let (plain, packed) = (folder.path().join("plain"), folder.path().join("packed"));
    std::fs::write(&plain, content).unwrap();
    let unpacked = objects::gzip::compress(&plain, &packed).await.unwrap();
    let key = "artifacts/packed/particles.csv.gz";
    let put = service.cloud.objects.put_file(key, &packed).await.unwrap();
    let file = NewFile {
        id: service.app.ids.next(),
        kind: "table".to_owned(),
        name: "particles.csv.gz".to_owned(),
        object_key: put.key,
        content_type: "application/gzip".to_owned(),
        bytes: i64::try_from(put.bytes).unwrap(),
        sha256: put.sha256,
        unpacked: Some(bed_files::Unpacked {
            bytes: i64::try_from(unpacked.bytes).unwrap(),
            sha256: unpacked.sha256,
        }),
    };
    let mut client = service.app.store.client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    bed_files::insert(&tx, bed.parse().unwrap(), None, &[file])
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn what_is_stored_compressed_says_what_it_unpacks_to_and_is_plain_in_an_archive() {
    let service = serving().await;
    let bed = service.bed().await;
    let content = "x_m,y_m\n".repeat(1000);
    stored_compressed(&service, &bed, &content).await;
    stored(&service, &bed, None, "plain.csv").await;
    let listed = send(&service.router, get(&format!("/api/v1/beds/{bed}/files"))).await;
    let files = listed.is(200)["files"].clone();
    assert_eq!(files[0]["name"], "particles.csv.gz");
    assert_eq!(files[0]["unpacked"]["name"], "particles.csv");
    assert_eq!(files[0]["unpacked"]["bytes"], content.len());
    assert!(files[1]["unpacked"].is_null(), "{files}");
    let stored = send(&service.router, get(files[0]["href"].as_str().unwrap())).await;
    assert_eq!(
        (stored.body.len() as u64, &stored.body[..2]),
        (files[0]["bytes"].as_u64().unwrap(), b"\x1f\x8b".as_slice())
    );
    let zip = send(
        &service.router,
        get(&format!("/api/v1/beds/{bed}/files.zip")),
    )
    .await;
    assert_eq!(zip.header("content-length"), zip.body.len().to_string());
    let inside = names_and_contents(&zip.body);
    let content = content.replace('\n', "\\n");
    assert_eq!(
        inside,
        format!("[('particles.csv', '{content}'), ('plain.csv', 'plain.csv')]")
    );
}

#[tokio::test]
async fn hundreds_of_files_and_none_make_archives() {
    let service = serving().await;
    let bed = service.bed().await;
    let path = format!("/api/v1/beds/{bed}/files.zip");
    let empty = send(&service.router, get(&path)).await;
    assert_eq!(names_and_contents(&empty.body), "[]");
    for _ in 0..300 {
        stored(&service, &bed, None, "one").await;
    }
    let whole = send(&service.router, get(&path)).await;
    let listed = names_and_contents(&whole.body);
    assert_eq!(listed.matches("'one')").count(), 300);
    assert!(listed.contains("('one (300)', 'one')"));
}

#[tokio::test]
async fn an_archive_that_breaks_off_does_not_end_as_if_it_were_whole() {
    let service = serving().await;
    let bed = service.bed().await;
    stored(&service, &bed, None, "here.csv").await;
    let lost = stored(&service, &bed, None, "lost.csv").await;
    service.cloud.objects.delete(&[lost]).await.unwrap();
    let request = get(&format!("/api/v1/beds/{bed}/files.zip"));
    let response = tower::ServiceExt::oneshot(service.router.clone(), request)
        .await
        .unwrap();
    let read = axum::body::to_bytes(response.into_body(), usize::MAX).await;
    assert!(read.is_err());
}

#[tokio::test]
async fn on_lambda_the_archive_is_written_once_and_the_caller_sent_there() {
    let service = serving_as(leito_http::App::on_lambda).await;
    let bed = service.bed().await;
    let key = stored(&service, &bed, None, "particles.csv").await;
    let path = format!("/api/v1/beds/{bed}/files.zip");
    let answer = send(&service.router, get(&path)).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("cache-control")),
        (302, "no-store")
    );
    let address = answer.header("location").to_owned();
    let zip = reqwest::get(&address).await.unwrap().bytes().await.unwrap();
    assert_eq!(
        names_and_contents(&zip),
        "[('particles.csv', 'particles.csv')]"
    );
    // the second one is not written: the object that it would be made of is gone
    service.cloud.objects.delete(&[key]).await.unwrap();
    let again = send(&service.router, get(&path)).await;
    let same = |address: &str| address.split('?').next().unwrap().to_owned();
    assert_eq!(
        (again.status.as_u16(), same(again.header("location"))),
        (302, same(&address))
    );
    // nothing refers to it, so the clean-up takes it when its time is up
    let buried = service
        .sql("SELECT object_key FROM object_tombstones")
        .await;
    assert!(buried.starts_with("archives/"), "{buried}");
    // a changed list is another archive
    stored(&service, &bed, None, "more.csv").await;
    let broken = send(&service.router, get(&path)).await;
    broken.is_problem(500, "internal");
}

#[tokio::test]
async fn more_than_an_archive_takes_is_refused_before_anything_is_read() {
    let service = serving_as(leito_http::App::on_lambda).await;
    let bed = service.bed().await;
    stored(&service, &bed, None, "large.bin").await;
    let path = format!("/api/v1/beds/{bed}/files.zip");
    let client = service.app.store.client().await.unwrap();
    let large = "UPDATE bed_files SET bytes = 1024 * 1024 * 1024";
    client.batch_execute(large).await.unwrap();
    let refused = send(&service.router, get(&path)).await;
    refused.is_problem(422, "archive_too_large");
    let many =
        "INSERT INTO bed_files (id, bed_id, kind, name, object_key, content_type, bytes, sha256)
        SELECT gen_random_uuid(), bed_id, kind, name, object_key || n, content_type, 1, sha256
        FROM bed_files, generate_series(1, 10000) n";
    client.batch_execute(many).await.unwrap();
    let refused = send(&service.router, get(&path)).await;
    let problem = refused.is_problem(422, "archive_too_large");
    assert!(
        problem["detail"].as_str().unwrap().contains("10000 files"),
        "{problem}"
    );
    assert_eq!(
        service.sql("SELECT count(*) FROM object_tombstones").await,
        "0"
    );
}

#[tokio::test]
async fn strangers_find_no_archive_and_viewers_do() {
    let service = serving().await;
    let bed = service.bed().await;
    let path = format!("/api/v1/beds/{bed}/files.zip");
    send(&service.for_another(None).await, get(&path))
        .await
        .is_problem(404, "not_found");
    let viewer = service.for_another(Some("viewer")).await;
    assert_eq!(send(&viewer, get(&path)).await.status, 200);
}
