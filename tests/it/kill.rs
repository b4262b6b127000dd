use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::api::Study;
use crate::leito::{Leito, Place};
use crate::study::small;

/// A lease lasts a minute after the last heartbeat.
const LEASE: Duration = Duration::from_mins(1);

/// Kills the system while it works on a stage, starts it again, and looks for what the dead one left running. The job
/// is put back at once, not when the lease of the dead worker ends.
async fn killed_while(leito: Leito, place: &Place, job: &str, stage: &str) -> Leito {
    let at_work = leito.api.works_on(job, stage).await;
    let killed = Instant::now();
    let dead = leito.kill().await;
    let leito = place.up().await;
    dead.no_engine_runs().await;
    let put_back =
        |event: &Value| event["kind"] == "retry" && event["seq"].as_i64() > at_work["seq"].as_i64();
    leito.api.event(job, put_back).await;
    assert!(killed.elapsed() < LEASE, "{:?}", killed.elapsed());
    leito
}

#[tokio::test]
async fn a_system_killed_in_every_stage_goes_on_from_the_last_finished_one_and_completes_once() {
    let place = Place::new().await;
    let leito = place.up().await;
    let mut spec = small();
    // far more physics steps than are needed: there is time to be killed in
    spec["packing"] = json!({ "substeps": 120 });
    let study = leito.api.study(&spec).await;
    let Study { packing, flow, .. } = &study;
    let packing = packing.as_ref().unwrap();

    let leito = killed_while(leito, &place, packing, "packing").await;
    let leito = killed_while(leito, &place, flow, "meshing").await;
    let leito = killed_while(leito, &place, flow, "solving").await;
    let (packed, solved) = (
        leito.api.end_of(packing).await,
        leito.api.end_of(flow).await,
    );
    assert_eq!(
        (&packed["status"], &packed["attempt"]),
        (&"completed".into(), &2.into())
    );
    assert_eq!(
        (&solved["status"], &solved["attempt"]),
        (&"completed".into(), &3.into())
    );

    assert_eq!(
        leito.api.history(packing).await,
        [
            "queued",
            "claimed",
            "retry",
            "claimed",
            "stage_finished packing",
            "completed"
        ]
    );
    let history = leito.api.history(flow).await;
    assert_eq!(
        history[..7],
        [
            "queued",
            "claimed",
            "retry",
            "claimed",
            "stage_finished mesh",
            "retry",
            "claimed"
        ]
        .map(str::to_owned),
        "{history:?}"
    );
    assert_eq!(history[7], "reused mesh", "{history:?}");
    let ends = history.iter().filter(|event| *event == "completed");
    assert_eq!(ends.count(), 1, "{history:?}");
    let simulation = leito.api.simulation(&study).await;
    assert_eq!(simulation["results"].as_array().unwrap().len(), 2);

    assert!(leito.stop().await.success());
    place.nothing_runs().await;
}
