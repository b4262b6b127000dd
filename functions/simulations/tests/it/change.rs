//! Deleting, and computing again.

use axum::body::Body;
use axum::http::Request;
use leito_http::testing::{get, post, send};
use serde_json::json;
use store::access::Role;
use uuid::Uuid;

use crate::support::{conditions, serving};

fn delete(path: &str) -> Request<Body> {
    Request::delete(path).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn a_simulation_is_deleted_once_its_job_is_over() {
    let service = serving().await;
    let bed = service.bed("demo").await;
    let id = service.simulation(bed).await;
    let path = format!("/api/v1/simulations/{id}");
    send(&service.router, delete(&path))
        .await
        .is_problem(409, "conflict");
    service.finish(id).await;
    for (role, status) in [
        (None, 404),
        (Some(Role::Viewer), 403),
        (Some(Role::Editor), 204),
    ] {
        let router = service.for_another(role).await;
        assert_eq!(
            send(&router, delete(&path)).await.status,
            status,
            "{role:?}"
        );
    }
    send(&service.router, get(&path))
        .await
        .is_problem(404, "not_found");
    send(&service.router, delete(&path))
        .await
        .is_problem(404, "not_found");
    assert_eq!(service.audits("simulation", "deleted").await, 1);
}

#[tokio::test]
async fn a_simulation_is_computed_again_as_it_was_told_then() {
    let service = serving().await;
    let bed = service.bed("demo").await;
    let id = service.simulation(bed).await;
    service.finish(id).await;
    let wider = bed::to_json(&bed::Bed::new("demo", 0.025, 0.1, 0.005, 100));
    service
        .sql(&format!(
            "UPDATE beds SET spec = '{wider}' WHERE id = '{bed}'"
        ))
        .await;
    let path = format!("/api/v1/simulations/{id}/rerun");
    let begun = send(&service.router, post(&path, "")).await.is(202);
    let kinds: Vec<_> = begun["jobs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|job| job["kind"].clone())
        .collect();
    assert_eq!(kinds, [json!("packing"), json!("flow")]);
    let again: Uuid = begun["simulation_id"].as_str().unwrap().parse().unwrap();
    assert_ne!(again, id);
    let client = service.app.store.client().await.unwrap();
    for job in begun["jobs"].as_array().unwrap() {
        let job = store::jobs::get(&client, job["id"].as_str().unwrap().parse().unwrap())
            .await
            .unwrap();
        assert_eq!(job.input["geometry"]["diameter_m"], 0.02, "as the bed was");
    }
    let shown = send(&service.router, get(&format!("/api/v1/simulations/{id}")))
        .await
        .is(200);
    assert_eq!(shown["conditions"], conditions(), "the first is as it was");
    assert_eq!(service.audits("simulation", "started").await, 1);
}

#[tokio::test]
async fn who_may_not_compute_again_is_told_so_and_a_stranger_nothing() {
    let service = serving().await;
    let bed = service.bed("demo").await;
    let path = format!(
        "/api/v1/simulations/{}/rerun",
        service.simulation(bed).await
    );
    for (role, status) in [
        (None, 404),
        (Some(Role::Viewer), 403),
        (Some(Role::Editor), 202),
    ] {
        let router = service.for_another(role).await;
        assert_eq!(
            send(&router, post(&path, "{}")).await.status,
            status,
            "{role:?}"
        );
    }
    send(&service.router, post(&path, r#"{"velocity": 1}"#))
        .await
        .is_problem(422, "invalid_body");
}

#[tokio::test]
async fn what_can_no_longer_be_computed_is_a_conflict() {
    let service = serving().await;
    let bed = service.bed("demo").await;
    let path = format!(
        "/api/v1/simulations/{}/rerun",
        service.simulation(bed).await
    );
    service.sql("UPDATE jobs SET input = '{}'").await;
    send(&service.router, post(&path, ""))
        .await
        .is_problem(409, "conflict");
}
