use axum::body::Body;
use axum::http::Request;
use leito_http::testing::{get, post, send};
use store::bed_files::{self, NewFile};
use uuid::Uuid;

use crate::support::{Service, serving};

fn delete(path: &str) -> Request<Body> {
    Request::delete(path).body(Body::empty()).unwrap()
}

async fn with_file(service: &Service, bed: &str) {
    let file = NewFile {
        id: service.app.ids.next(),
        kind: "table".to_owned(),
        name: "particles.csv".to_owned(),
        object_key: "artifacts/ab/particles.csv".to_owned(),
        content_type: "text/csv".to_owned(),
        bytes: 3,
        sha256: "d".repeat(64),
        unpacked: None,
    };
    let mut client = service.app.store.client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    bed_files::insert(&tx, bed.parse().unwrap(), None, &[file])
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_deleted_bed_is_gone_and_its_files_are_buried() {
    let service = serving().await;
    let bed = service.bed().await;
    with_file(&service, &bed).await;
    let path = format!("/api/v1/beds/{bed}");
    let answer = send(&service.router, delete(&path)).await;
    assert_eq!((answer.status.as_u16(), answer.body.len()), (204, 0));
    send(&service.router, get(&path))
        .await
        .is_problem(404, "not_found");
    send(&service.router, delete(&path))
        .await
        .is_problem(404, "not_found");
    assert_eq!(
        service
            .sql("SELECT object_key FROM object_tombstones")
            .await,
        "artifacts/ab/particles.csv"
    );
    let record = format!(
        "SELECT count(*) FROM automation_audits WHERE target_id = '{bed}' AND action = 'deleted'"
    );
    assert_eq!(service.sql(&record).await, "1");
    service.bed().await; // the name is free again
}

#[tokio::test]
async fn nothing_is_deleted_while_a_job_waits_or_runs() {
    let service = serving().await;
    let path = format!("/api/v1/beds/{}", service.bed().await);
    let begun = send(&service.router, post(&format!("{path}/generate"), ""))
        .await
        .is(202);
    let job: Uuid = begun["job"]["id"].as_str().unwrap().parse().unwrap();
    let problem = send(&service.router, delete(&path))
        .await
        .is_problem(409, "conflict");
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains(&job.to_string()),
        "{problem}"
    );
    let mut client = service.app.store.client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    store::jobs::request_cancel(&tx, job).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(send(&service.router, delete(&path)).await.status, 204);
}

#[tokio::test]
async fn who_may_not_delete_it_is_told_so_and_a_stranger_nothing() {
    let service = serving().await;
    let path = format!("/api/v1/beds/{}", service.bed().await);
    for (role, status) in [(None, 404), (Some("viewer"), 403), (Some("editor"), 204)] {
        let router = service.for_another(role).await;
        assert_eq!(
            send(&router, delete(&path)).await.status,
            status,
            "{role:?}"
        );
    }
}
