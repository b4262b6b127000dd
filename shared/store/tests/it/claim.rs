use std::collections::HashSet;
use std::time::Duration;

use futures::future::join_all;
use job::{EventKind, Progress, Refused, Status};
use store::Error;
use store::jobs::{self, Claim};
use uuid::Uuid;

use crate::setup::*;

#[tokio::test(flavor = "multi_thread")]
async fn of_many_workers_that_want_a_job_at_once_exactly_one_gets_it() {
    let database = with_job().await;
    let claims = join_all((10..42).map(|token| claim(&database, PACKING, token))).await;
    let (won, lost): (Vec<_>, Vec<_>) = claims
        .into_iter()
        .partition(|claim| matches!(claim, Claim::Won(_)));
    assert_eq!(won.len(), 1);
    let reasons: HashSet<String> = lost.iter().map(|claim| format!("{claim:?}")).collect();
    assert_eq!(reasons, HashSet::from(["Refused(Held)".to_owned()]));
    assert_eq!(job(&database, PACKING).await.attempt, 1);
}

#[tokio::test]
async fn a_claim_says_who_it_was_for_and_leaves_an_event() {
    let database = with_job().await;
    let claimed = won(&database, PACKING, 10).await;
    assert_eq!(
        (claimed.job.status, claimed.job.attempt),
        (Status::Running, 1)
    );
    assert!(claimed.job.started_at.is_some());
    assert_eq!(claimed.lease, lease(10));
    assert_eq!(event_words(&database, PACKING).await, ["queued", "claimed"]);
}

#[tokio::test]
async fn a_second_claim_of_the_same_job_is_refused() {
    let database = with_job().await;
    won(&database, PACKING, 10).await;
    assert_eq!(
        claim(&database, PACKING, 11).await,
        Claim::Refused(Refused::Held)
    );
}

#[tokio::test]
async fn a_job_nobody_knows_is_missing() {
    let database = with_job().await;
    assert_eq!(
        claim(&database, Uuid::from_u128(99), 11).await,
        Claim::Missing
    );
}

#[tokio::test]
async fn a_job_in_backoff_says_how_long() {
    let database = with_job().await;
    let claimed = won(&database, PACKING, 10).await;
    committed!(&database, jobs::retry_later, &claimed, &retryable()).unwrap();
    let Claim::NotYet(wait) = claim(&database, PACKING, 11).await else {
        panic!("no wait")
    };
    assert!(wait > Duration::ZERO && wait <= job::backoff(1), "{wait:?}");
}

#[tokio::test]
async fn a_finished_job_is_refused() {
    let database = with_job().await;
    let claimed = won(&database, PACKING, 10).await;
    committed!(&database, jobs::complete, &claimed).unwrap();
    assert_eq!(
        claim(&database, PACKING, 11).await,
        Claim::Refused(Refused::Finished(Status::Completed))
    );
}

#[tokio::test]
async fn who_lost_the_lease_writes_nothing_any_more() {
    let database = with_job().await;
    let old = won(&database, PACKING, 10).await;
    expire_leases(&database).await;
    let new = won(&database, PACKING, 11).await;
    let before = job(&database, PACKING).await;

    let progress = Progress {
        stage: "packing".to_owned(),
        fraction: 0.5,
        eta_s: None,
    };
    let client = client(&database).await;
    let lost = [
        jobs::heartbeat(&client, &old, None).await.err(),
        jobs::heartbeat(&client, &old, Some(&progress)).await.err(),
        jobs::note(
            &client,
            &old,
            EventKind::StageFinished,
            &serde_json::json!({}),
        )
        .await
        .err(),
        committed!(&database, jobs::complete, &old).err(),
        committed!(&database, jobs::fail, &old, &permanent()).err(),
        committed!(&database, jobs::retry_later, &old, &retryable()).err(),
        committed!(&database, jobs::give_back, &old).err(),
        committed!(&database, jobs::confirm_cancel, &old).err(),
    ];
    assert!(
        lost.iter()
            .all(|error| matches!(error, Some(Error::LeaseLost(PACKING)))),
        "{lost:?}"
    );
    assert_eq!(job(&database, PACKING).await, before);
    committed!(&database, jobs::complete, &new).unwrap();
}

#[tokio::test]
async fn a_heartbeat_keeps_the_lease_and_stores_the_progress() {
    let database = with_job().await;
    let claimed = won(&database, PACKING, 10).await;
    expire_leases(&database).await;
    let progress = Progress {
        stage: "packing".to_owned(),
        fraction: 0.25,
        eta_s: Some(12.5),
    };
    let heartbeat = jobs::heartbeat(&client(&database).await, &claimed, Some(&progress))
        .await
        .unwrap();
    assert!(!heartbeat.cancel_requested);
    assert_eq!(
        claim(&database, PACKING, 11).await,
        Claim::Refused(Refused::Held)
    );
    let job = job(&database, PACKING).await;
    assert_eq!(
        (job.stage.as_deref(), job.fraction, job.eta_s),
        (Some("packing"), Some(0.25), Some(12.5))
    );
    let last = events(&database, PACKING).await.pop().unwrap();
    assert_eq!((last.seq, last.kind), (3, EventKind::Progress));
    assert_eq!(
        last.data,
        serde_json::json!({ "stage": "packing", "fraction": 0.25, "eta_s": 12.5 })
    );
}

#[tokio::test]
async fn an_odd_number_in_the_progress_does_not_cost_the_lease() {
    let database = with_job().await;
    let claimed = won(&database, PACKING, 10).await;
    for (fraction, eta_s) in [(f64::NAN, f64::NAN), (2.0, f64::INFINITY), (-1.0, -0.5)] {
        let progress = Progress {
            stage: "packing".to_owned(),
            fraction,
            eta_s: Some(eta_s),
        };
        jobs::heartbeat(&client(&database).await, &claimed, Some(&progress))
            .await
            .unwrap();
        assert_eq!(job(&database, PACKING).await.eta_s, None);
    }
    assert_eq!(job(&database, PACKING).await.fraction, Some(0.0));
}

#[tokio::test]
async fn a_note_is_an_event_in_its_place() {
    let database = with_job().await;
    let claimed = won(&database, PACKING, 10).await;
    let data = serde_json::json!({ "stage": "mesh" });
    jobs::note(&client(&database).await, &claimed, EventKind::Reused, &data)
        .await
        .unwrap();
    let last = events(&database, PACKING).await.pop().unwrap();
    assert_eq!(
        (last.seq, last.kind, last.data),
        (3, EventKind::Reused, data)
    );
}
