use job::Kind;
use leito_http::testing::{post, send};
use serde_json::{Value, json};
use store::access::{Access, Role};
use store::stage_outputs::{self, StageOutput};
use store::{Client, beds, jobs, packings};
use testkit::rows;
use uuid::Uuid;

use crate::support::{Service, serving};

async fn simulate(service: &Service, bed: &str, body: &Value) -> Value {
    send(
        &service.router,
        post(&format!("/api/v1/beds/{bed}/simulate"), body.to_string()),
    )
    .await
    .is(202)
}

fn kinds(begun: &Value) -> Vec<&str> {
    begun["jobs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|job| job["kind"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_bed_without_packing_is_packed_first() {
    let service = serving().await;
    let bed = service.bed().await;
    let begun = simulate(&service, &bed, &json!({})).await;
    assert_eq!(kinds(&begun), ["packing", "flow"]);
    assert_eq!(begun["jobs"][1]["after_job_id"], begun["jobs"][0]["id"]);
    assert_eq!(begun["jobs"][1]["simulation_id"], begun["simulation"]["id"]);
    assert_eq!(begun["simulation"]["status"], "pending");
    assert_eq!(begun["simulation"]["velocities_m_s"], json!([0.05, 0.1]));
    assert_eq!(service.messages(Kind::Packing).await.len(), 1);
    assert_eq!(
        service.messages(Kind::Flow).await.len(),
        0,
        "the flow has to wait"
    );
}

#[tokio::test]
async fn a_packing_on_its_way_serves_every_simulation() {
    let service = serving().await;
    let bed = service.bed().await;
    let first = simulate(&service, &bed, &json!({})).await;
    let second = simulate(&service, &bed, &json!({ "velocities_m_s": [0.2] })).await;
    assert_eq!(kinds(&second), ["flow"]);
    assert_eq!(second["jobs"][0]["after_job_id"], first["jobs"][0]["id"]);
}

#[tokio::test]
async fn two_simulations_at_the_same_moment_share_one_packing() {
    let service = serving().await;
    let bed = service.bed().await;
    // Both have to wait for the bed: neither can look for a packing job before the other has made one.
    let mut holder = service.app.store.client().await.unwrap();
    let held = holder.transaction().await.unwrap();
    let by = Access {
        user_id: rows::USER,
        at_least: Role::Editor,
    };
    beds::lock_for(&held, by, bed.parse().unwrap())
        .await
        .unwrap();
    let path = format!("/api/v1/beds/{bed}/simulate");
    let start = || {
        let (router, request) = (service.router.clone(), post(&path, ""));
        tokio::spawn(async move { send(&router, request).await.is(202) })
    };
    let (one, two) = (start(), start());
    let observer = service.app.store.client().await.unwrap();
    while waiting(&observer).await < 2 {
        assert!(
            !one.is_finished() && !two.is_finished(),
            "nobody waited for the bed"
        );
        tokio::task::yield_now().await;
    }
    held.commit().await.unwrap();
    let (one, two) = (one.await.unwrap(), two.await.unwrap());
    assert_eq!(kinds(&one).len() + kinds(&two).len(), 3, "{one} {two}");
}

/// Sessions of this test's database that wait for a row or for whoever waits for it already.
async fn waiting(observer: &Client) -> i64 {
    let sessions = "SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE datname = current_database() AND NOT granted";
    observer.query_one(sessions, &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn a_cancelled_packing_serves_nobody() {
    let service = serving().await;
    let bed = service.bed().await;
    let first = simulate(&service, &bed, &json!({})).await;
    let packing: Uuid = first["jobs"][0]["id"].as_str().unwrap().parse().unwrap();
    let mut client = service.app.store.client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    jobs::request_cancel(&tx, packing).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        kinds(&simulate(&service, &bed, &json!({})).await),
        ["packing", "flow"]
    );
}

#[tokio::test]
async fn a_stored_packing_is_used_at_once_and_one_whose_files_were_lost_is_packed_again() {
    let service = serving().await;
    let bed = service.bed().await;
    let key = pack(&service, bed.parse().unwrap()).await;
    let begun = simulate(&service, &bed, &json!({})).await;
    assert_eq!(kinds(&begun), ["flow"]);
    assert_eq!(begun["jobs"][0]["after_job_id"], Value::Null);
    assert_eq!(service.messages(Kind::Flow).await.len(), 1);

    // what the flow's worker does when a file of it is not in the bucket
    let client = service.app.store.client().await.unwrap();
    stage_outputs::forget(&client, &key).await.unwrap();
    let begun = simulate(&service, &bed, &json!({})).await;
    assert_eq!(kinds(&begun), ["packing", "flow"]);
    assert_eq!(begun["jobs"][1]["after_job_id"], begun["jobs"][0]["id"]);
}

/// Completes a packing of the bed, and gives the key of its stage.
async fn pack(service: &Service, bed_id: Uuid) -> String {
    let mut client = service.app.store.client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    let bed = bed::from_value(&crate::support::spec()).unwrap();
    let stage = StageOutput {
        key: "c".repeat(64),
        stage: "packing".to_owned(),
        output: json!({}),
        files: json!([]),
    };
    stage_outputs::publish(&tx, &stage).await.unwrap();
    let packing = packings::Packing {
        content_hash: stage.key.clone(),
        detail: json!({ "inputs_hash": bed.packing_inputs_hash() }),
        ..rows::packing(Uuid::from_u128(1), bed_id)
    };
    packings::insert(&tx, &packing).await.unwrap();
    tx.commit().await.unwrap();
    stage.key
}

#[tokio::test]
async fn own_velocities_reach_the_worker() {
    let service = serving().await;
    let bed = service.bed().await;
    let begun = simulate(&service, &bed, &json!({ "velocities_m_s": [0.3, 0.02] })).await;
    assert_eq!(begun["simulation"]["velocities_m_s"], json!([0.3, 0.02]));
    let flow: Uuid = begun["jobs"][1]["id"].as_str().unwrap().parse().unwrap();
    let stored = jobs::get(&service.app.store.client().await.unwrap(), flow)
        .await
        .unwrap();
    assert_eq!(stored.input["flow"]["velocities_m_s"], json!([0.3, 0.02]));
}

#[tokio::test]
async fn velocities_that_cannot_be_are_refused_where_they_stand() {
    let service = serving().await;
    let path = format!("/api/v1/beds/{}/simulate", service.bed().await);
    for wrong in [json!([]), json!([-0.1]), json!([0.1, 0.0]), json!([1e300])] {
        let body = json!({ "velocities_m_s": wrong }).to_string();
        let problem = send(&service.router, post(&path, body))
            .await
            .is_problem(422, "impossible_bed");
        let pointer = problem["errors"][0]["pointer"].as_str().unwrap();
        assert!(pointer.starts_with("/velocities_m_s"), "{problem}");
    }
    let text = r#"{"velocities_m_s": ["fast"]}"#;
    send(&service.router, post(&path, text))
        .await
        .is_problem(422, "invalid_body");
    send(&service.router, post(&path, r#"{"velocity": 1}"#))
        .await
        .is_problem(422, "invalid_body");
}

#[tokio::test]
async fn a_bed_that_is_not_there_cannot_be_simulated() {
    let service = serving().await;
    let path = format!("/api/v1/beds/{}/simulate", Uuid::nil());
    send(&service.router, post(&path, ""))
        .await
        .is_problem(404, "not_found");
}
