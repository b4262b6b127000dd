use leito_http::testing::{get, post, send};
use serde_json::{Value, json};
use store::access::Role;
use testkit::rows;
use uuid::Uuid;

use crate::support::{Service, ids, serving, spec};

const NOBODYS: &str = "01890000-0000-7000-8000-000000000001";

/// The pointers of a refusal.
fn pointers(problem: &Value) -> Vec<&str> {
    let errors = problem["errors"].as_array().unwrap();
    errors
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect()
}

async fn nothing_is_stored(service: &Service) {
    for table in [
        "submissions",
        "beds",
        "simulations",
        "jobs",
        "automation_audits",
    ] {
        assert_eq!(service.count(table).await, 0, "{table}");
    }
}

#[tokio::test]
async fn a_study_makes_the_bed_the_simulation_and_the_jobs() {
    let service = serving().await;
    let payload = json!({ "spec": spec("demo"), "conditions": { "velocities_m_s": [0.1, 0.2] } });
    let answer = service.submit("packed-bed-study", payload.clone()).await;
    let submission = answer.is(202);
    let id = submission["id"].as_str().unwrap();
    assert_eq!(
        answer.header("location"),
        format!("/api/v1/submissions/{id}")
    );
    assert_eq!(submission["status"], "queued");
    assert_eq!(submission["payload"], payload);
    assert_eq!(submission["project_id"], json!(rows::PROJECT));
    assert_eq!(submission["actor"]["user_id"], json!(rows::USER));
    assert_eq!(submission["actor"]["name"], "Ada Example");
    assert_eq!(ids(&submission["simulations"]).len(), 1);
    assert_eq!(ids(&submission["jobs"]).len(), 2);
    let beds = send(&service.router, get("/api/v1/beds")).await.is(200);
    assert_eq!(beds["beds"][0]["name"], "demo");
    let waiting = service.cloud.queue.of(job::Kind::Packing);
    let sent = service.cloud.queue.receive(waiting, 10, 1, 30).await;
    assert_eq!(sent.unwrap().len(), 1, "the packing worker is woken");
}

#[tokio::test]
async fn the_same_bed_studied_again_is_packed_once() {
    let service = serving().await;
    service.study().await;
    let again = service.study().await;
    assert_eq!(ids(&again["jobs"]).len(), 1, "the flow alone");
    assert_eq!(service.count("beds").await, 1);
}

#[tokio::test]
async fn a_sweep_goes_through_a_stored_bed() {
    let service = serving().await;
    let body = json!({ "spec": spec("demo") }).to_string();
    let bed = send(&service.router, post("/api/v1/beds", body))
        .await
        .is(201);
    let payload = json!({ "bed_id": bed["id"], "velocities_m_s": [0.1, 0.2, 0.3] });
    let swept = service.submit("velocity-sweep", payload).await.is(202);
    assert_eq!(ids(&swept["simulations"]).len(), 1);
    let impossible = json!({ "bed_id": bed["id"], "velocities_m_s": [0.1, -0.2] });
    let refused = service.submit("velocity-sweep", impossible).await;
    let refused = refused.is_problem(422, "invalid_payload");
    assert_eq!(pointers(&refused), ["/payload/velocities_m_s/1"]);
    let unknown = json!({ "bed_id": NOBODYS, "velocities_m_s": [0.1] });
    let refused = service.submit("velocity-sweep", unknown).await;
    let refused = refused.is_problem(422, "invalid_payload");
    assert_eq!(pointers(&refused), ["/payload/bed_id"]);
}

#[tokio::test]
async fn a_batch_is_many_studies() {
    let service = serving().await;
    let beds = json!({ "beds": [{ "spec": spec("one") }, { "spec": spec("two") }, { "spec": spec("three") }] });
    let batch = service.submit("bed-batch", beds).await.is(202);
    assert_eq!(ids(&batch["simulations"]).len(), 3);
    assert_eq!(ids(&batch["jobs"]).len(), 6);
    assert_eq!(service.count("beds").await, 3);
}

#[tokio::test]
async fn a_batch_that_is_refused_halfway_leaves_nothing() {
    let service = serving().await;
    let mut other = spec("taken");
    other["particles"]["count"] = json!(90);
    let body = json!({ "spec": other }).to_string();
    send(&service.router, post("/api/v1/beds", body))
        .await
        .is(201);
    let beds = json!({ "beds": [{ "spec": spec("one") }, { "spec": spec("taken") }] });
    let refused = service.submit("bed-batch", beds).await;
    refused.is_problem(409, "name_taken");
    assert_eq!(service.count("beds").await, 1);
    assert_eq!(
        service.count("submissions").await + service.count("jobs").await,
        0
    );
}

#[tokio::test]
async fn a_report_of_completed_simulations_is_done_at_once() {
    let service = serving().await;
    let study = service.study().await;
    let payload = json!({ "simulation_ids": study["simulations"] });
    let early = service.submit("report", payload.clone()).await;
    let early = early.is_problem(422, "invalid_payload");
    assert_eq!(pointers(&early), ["/payload/simulation_ids/0"]);
    service.work(&study).await;
    let report = service.submit("report", payload).await.is(202);
    assert_eq!(report["status"], "done");
    let at = &report["result"]["simulations"][0]["velocities"][0];
    assert_eq!(at["quantities"]["pressure_gradient_pa_m"]["value"], 90.0);
    assert_eq!(report["jobs"], json!([]));
}

#[tokio::test]
async fn an_unknown_kind_or_version_is_named() {
    let service = serving().await;
    let answer = service.submit("coffee", json!({})).await;
    let unknown = answer.is_problem(422, "unknown_kind");
    assert_eq!(pointers(&unknown), ["/kind"]);
    let detail = unknown["detail"].as_str().unwrap();
    assert!(detail.contains("packed-bed-study"), "{detail}");
    let body = json!({ "kind": "report", "version": 9, "payload": {} }).to_string();
    let answer = send(&service.router, post("/api/v1/submissions", body)).await;
    let unknown = answer.is_problem(422, "unknown_kind");
    assert_eq!(pointers(&unknown), ["/version"]);
    nothing_is_stored(&service).await;
}

#[tokio::test]
async fn every_fault_of_a_payload_has_its_pointer() {
    let service = serving().await;
    let mut bad = spec("demo");
    bad["particles"]["count"] = json!(0);
    bad["geometry"]["colour"] = json!("red");
    let answer = service
        .submit("packed-bed-study", json!({ "spec": bad }))
        .await;
    let refused = answer.is_problem(422, "invalid_payload");
    let mut found = pointers(&refused);
    found.sort_unstable();
    assert_eq!(
        found,
        [
            "/payload/spec/geometry/colour",
            "/payload/spec/particles/count"
        ]
    );
    let source = json!({ "source": "bed demo {\n  geometry { diameter = 5 kg }\n}" });
    let answer = service.submit("packed-bed-study", source).await;
    let refused = answer.is_problem(422, "invalid_payload");
    let lines = refused["errors"].as_array().unwrap();
    assert!(
        lines
            .iter()
            .any(|error| error["line"] == 2 && error["pointer"] == "/payload/source")
    );
    nothing_is_stored(&service).await;
}

#[tokio::test]
async fn the_same_key_submits_once() {
    let service = serving().await;
    let body =
        json!({ "kind": "packed-bed-study", "version": 1, "payload": { "spec": spec("demo") } });
    let request = || {
        let mut request = post("/api/v1/submissions", body.to_string());
        let key = "once".parse().unwrap();
        request.headers_mut().insert("idempotency-key", key);
        request
    };
    let first = send(&service.router, request()).await.is(202);
    let second = send(&service.router, request()).await.is(202);
    assert_eq!(first, second);
    assert_eq!(service.count("submissions").await, 1);
}

#[tokio::test]
async fn only_who_may_change_the_project_submits_to_it() {
    let service = serving().await;
    let body = json!({
        "kind": "packed-bed-study", "version": 1, "project_id": rows::PROJECT, "payload": { "spec": spec("demo") },
    });
    for (role, status, code) in [
        (None, 404, "not_found"),
        (Some(Role::Viewer), 403, "forbidden"),
    ] {
        let router = service.as_member(role).await;
        let answer = send(&router, post("/api/v1/submissions", body.to_string())).await;
        answer.is_problem(status, code);
    }
    nothing_is_stored(&service).await;
    let editor = service.as_member(Some(Role::Editor)).await;
    send(&editor, post("/api/v1/submissions", body.to_string()))
        .await
        .is(202);
}

#[tokio::test]
async fn what_the_payload_names_must_be_in_the_project_that_is_named() {
    let service = serving().await;
    let body = json!({ "spec": spec("demo") }).to_string();
    let bed = send(&service.router, post("/api/v1/beds", body))
        .await
        .is(201);
    let body = json!({
        "kind": "velocity-sweep", "version": 1, "project_id": Uuid::from_u128(1),
        "payload": { "bed_id": bed["id"], "velocities_m_s": [0.1] },
    });
    let answer = send(
        &service.router,
        post("/api/v1/submissions", body.to_string()),
    )
    .await;
    let refused = answer.is_problem(422, "invalid_body");
    assert_eq!(pointers(&refused), ["/project_id"]);
}
