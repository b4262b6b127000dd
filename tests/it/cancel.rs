use serde_json::{Value, json};
use tokio::process::Child;

use crate::api::Study;
use crate::leito::{Leito, Place, within};
use crate::study::small;

/// Cancels a job while an engine works on a stage of it, and looks for what is left running.
async fn cancelled_while(leito: &Leito, job: &str, stage: &str) {
    leito.api.works_on(job, stage).await;
    leito.an_engine_runs().await;
    leito.api.cancel(job).await;
    let ended = leito.api.end_of(job).await;
    assert_eq!(ended["status"], "cancelled", "{ended}");
    leito.no_engine_runs().await;
}

/// The small study under another name, changed.
fn with(name: &str, block: &str, changes: &Value) -> Value {
    let mut spec = small();
    spec["name"] = json!(name);
    for (name, value) in changes.as_object().unwrap() {
        spec[block][name] = value.clone();
    }
    spec
}

/// Whoever watches both jobs is told that each was cancelled, and so that not all were completed.
async fn both_ends_are_told(watching: Child) {
    let told = within(watching.wait_with_output()).await.unwrap();
    assert_eq!(told.status.code(), Some(1));
    let lines = String::from_utf8(told.stdout).unwrap();
    let events = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    let cancelled = |line: &Value| line["event"]["kind"] == "cancelled";
    assert_eq!(events.filter(cancelled).count(), 2, "{lines}");
}

#[tokio::test]
async fn a_job_cancelled_in_any_stage_is_cancelled_and_no_engine_is_left() {
    let place = Place::new().await;
    let leito = place.up().await;

    let mut many = with("many", "particles", &json!({ "count": 800 }));
    many["geometry"] = json!({ "diameter_m": 0.05, "height_m": 0.1 });
    let Study {
        packing,
        flow,
        simulation,
        ..
    } = leito.api.study(&many).await;
    let packing = packing.unwrap();
    let watching = place.watch(&[&packing, &flow]);
    cancelled_while(&leito, &packing, "packing").await;
    both_ends_are_told(watching).await;
    let waiting = leito.api.end_of(&flow).await;
    assert_eq!(
        waiting["status"], "cancelled",
        "what waited for it: {waiting}"
    );
    let simulation = leito.api.get(&format!("/simulations/{simulation}")).await;
    assert_eq!(simulation["status"], "cancelled");

    let fine = with("fine", "flow", &json!({ "cells_per_diameter": 24.0 }));
    let Study { flow, .. } = leito.api.study(&fine).await;
    cancelled_while(&leito, &flow, "meshing").await;

    let endless =
        json!({ "cells_per_diameter": 12.0, "convergence": 1e-10, "max_iterations": 100_000 });
    let Study { flow, .. } = leito.api.study(&with("endless", "flow", &endless)).await;
    cancelled_while(&leito, &flow, "solving").await;
    assert_eq!(
        leito.api.history(&flow).await,
        [
            "queued",
            "claimed",
            "stage_finished mesh",
            "cancel_requested",
            "cancelled"
        ]
    );

    assert!(leito.stop().await.success());
    place.nothing_runs().await;
}
