use job::{EventKind, Failure};
use leito_http::App;
use leito_http::testing::{self, get, send};
use serde_json::{Value, json};
use store::access::Role;
use store::jobs;
use store::stage_outputs::{self, StageOutput};
use testkit::Cloud;
use uuid::Uuid;

use crate::support::{Service, claim, progress, serving_as};

async fn serving(cloud: &Cloud) -> Service {
    let (queue, objects) = (cloud.queue.clone(), cloud.objects.clone());
    serving_as(|app| testing::app(app.store.clone(), queue, objects)).await
}

/// Stores a stage of the job with these logs, compressed or not.
async fn finish_stage(app: &App, id: Uuid, logs: &[(&str, String)], compressed: bool) {
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for (name, content) in logs {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        let packed = folder.path().join("packed");
        let unpacked = objects::gzip::compress(&path, &packed).await.unwrap();
        let source = if compressed { &packed } else { &path };
        let stored = app
            .objects
            .put_file(&format!("artifacts/{id}/{name}"), source)
            .await
            .unwrap();
        let mut file = json!({ "name": name, "key": stored.key, "bytes": stored.bytes, "sha256": stored.sha256 });
        if compressed {
            file["unpacked"] = json!(unpacked);
        }
        files.push(file);
    }
    let stage = StageOutput {
        key: "a".repeat(64),
        stage: "flow".to_owned(),
        output: json!({}),
        files: Value::from(files),
    };
    let claimed = claim(&app.store, id).await;
    progress(&app.store, &claimed, 0.5).await;
    let client = app.store.client().await.unwrap();
    stage_outputs::publish(&client, &stage).await.unwrap();
    let data = json!({ "stage": "flow", "key": stage.key });
    jobs::note(&client, &claimed, EventKind::StageFinished, &data)
        .await
        .unwrap();
}

#[tokio::test]
async fn the_end_of_a_finished_stage_is_told_line_by_line() {
    the_end_is_told(true).await;
}

#[tokio::test]
async fn so_is_that_of_a_stage_from_before_logs_were_compressed() {
    the_end_is_told(false).await;
}

async fn the_end_is_told(compressed: bool) {
    let cloud = Cloud::new().await;
    let service = serving(&cloud).await;
    let id = service.job().await;
    let path = format!("/api/v1/jobs/{id}/log");
    let before = send(&service.router, get(&path)).await.is(200);
    assert_eq!(
        (before["stage"].clone(), before["lines"].clone()),
        (Value::Null, json!([]))
    );
    assert_eq!(before["progress"][0]["kind"], "queued");

    let long: Vec<_> = (0..50_000).map(|n| format!("Time = {n}\n")).collect();
    let logs = [
        ("log.simpleFoam", long.concat()),
        ("log.checkMesh", "Mesh OK.\n".to_owned()),
        ("speed.png", "x".repeat(999_999)),
    ];
    finish_stage(&service.app, id, &logs, compressed).await;
    let log = send(&service.router, get(&format!("{path}?lines=2")))
        .await
        .is(200);
    assert_eq!(log["files"], json!(["log.simpleFoam", "log.checkMesh"]));
    assert_eq!(
        (log["stage"].as_str(), log["file"].as_str()),
        (Some("flow"), Some("log.simpleFoam"))
    );
    assert_eq!(log["lines"], json!(["Time = 49998", "Time = 49999"]));
    let kinds: Vec<_> = log["progress"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["kind"].clone())
        .collect();
    assert_eq!(kinds, ["progress", "stage_finished"]);
    let other = send(&service.router, get(&format!("{path}?file=log.checkMesh")))
        .await
        .is(200);
    assert_eq!(other["lines"], json!(["Mesh OK."]));
    for file in ["speed.png", "..%2Flog.x"] {
        let answer = send(&service.router, get(&format!("{path}?file={file}"))).await;
        answer.is_problem(404, "not_found");
    }
    for lines in ["0", "1001", "x"] {
        let answer = send(&service.router, get(&format!("{path}?lines={lines}"))).await;
        answer.is_problem(400, "invalid_query");
    }
}

#[tokio::test]
async fn a_failed_job_tells_the_last_words_of_its_engine() {
    let cloud = Cloud::new().await;
    let service = serving(&cloud).await;
    let id = service.job().await;
    let claimed = claim(&service.app.store, id).await;
    let mut client = service.app.store.client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    let failure =
        Failure::permanent("engine_failed", "it ended").with_last_words("one\ntwo\nthree");
    jobs::fail(&tx, &claimed, &failure).await.unwrap();
    tx.commit().await.unwrap();
    let log = send(
        &service.router,
        get(&format!("/api/v1/jobs/{id}/log?lines=2")),
    )
    .await
    .is(200);
    assert_eq!(log["lines"], json!(["two", "three"]));
    let stranger = service.for_another(None).await;
    send(&stranger, get(&format!("/api/v1/jobs/{id}/log")))
        .await
        .is_problem(404, "not_found");
    let viewer = service.for_another(Some(Role::Viewer)).await;
    send(&viewer, get(&format!("/api/v1/jobs/{id}/log")))
        .await
        .is(200);
}
