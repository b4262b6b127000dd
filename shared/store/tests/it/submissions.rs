//! Submissions follow the jobs behind them, whatever moves those.

use job::Claimed;
use serde_json::{Value, json};
use store::access::{Access, Role};
use store::results::Quantity;
use store::submissions::{self, NewSubmission, Submission};
use store::{jobs, results, simulations};
use testkit::{Database, rows};
use uuid::Uuid;

use crate::setup::*;

pub const SUBMISSION: Uuid = Uuid::from_u128(5);
const OTHER_FLOW: Uuid = Uuid::from_u128(6);
const OTHER_SIMULATION: Uuid = Uuid::from_u128(7);

pub fn submission(id: Uuid) -> NewSubmission {
    NewSubmission {
        id,
        kind: "packed-bed-study",
        version: 1,
        project_id: rows::PROJECT,
        user_id: rows::USER,
        payload: json!({ "source": "bed demo { }", "description": "rings of glass" }),
    }
}

/// A submission behind which there are a packing job and a flow job that waits for it.
async fn submitted() -> Database {
    let database = with_both_jobs().await;
    committed!(&database, submissions::insert, &submission(SUBMISSION)).unwrap();
    let (simulations, jobs) = ([SIMULATION], [PACKING, FLOW]);
    committed!(
        &database,
        submissions::link,
        SUBMISSION,
        &simulations,
        &jobs
    )
    .unwrap();
    database
}

pub async fn stored(database: &Database) -> Submission {
    let by = Access {
        user_id: rows::USER,
        at_least: Role::Viewer,
    };
    submissions::get_for(&client(database).await, by, SUBMISSION)
        .await
        .unwrap()
}

async fn status(database: &Database) -> String {
    stored(database).await.status
}

async fn solve(database: &Database, flow: &Claimed) {
    let mut client = client(database).await;
    let tx = client.transaction().await.unwrap();
    let number = Quantity {
        velocity_index: 0,
        superficial_velocity_m_s: 0.1,
        quantity: "pressure_drop_pa".to_owned(),
        value: 1.5,
        unit: "Pa".to_owned(),
        uncertainty: Some(0.25),
    };
    results::insert(&tx, SIMULATION, &[number]).await.unwrap();
    let comparison = json!({ "name": "Ergun 1952", "pressure_gradient_pa_m": 3.0 });
    let summary = json!({ "flows": [{ "comparisons": [comparison] }] });
    simulations::summarise(&tx, SIMULATION, None, &summary)
        .await
        .unwrap();
    jobs::complete(&tx, flow).await.unwrap();
    tx.commit().await.unwrap();
}

async fn pack(database: &Database) {
    let packing = won(database, PACKING, 11).await;
    committed!(database, jobs::complete, &packing).unwrap();
}

#[tokio::test]
async fn a_submission_is_queued_until_a_worker_takes_one_of_its_jobs() {
    let database = submitted().await;
    assert_eq!(status(&database).await, "queued");
    let packing = won(&database, PACKING, 11).await;
    assert_eq!(status(&database).await, "running");
    committed!(&database, jobs::complete, &packing).unwrap();
    assert_eq!(status(&database).await, "running", "the flow is to come");
    assert_eq!(stored(&database).await.result, None);
}

#[tokio::test]
async fn a_submission_is_done_with_its_last_job_and_holds_the_numbers() {
    let database = submitted().await;
    pack(&database).await;
    let flow = won(&database, FLOW, 12).await;
    solve(&database, &flow).await;
    let done = stored(&database).await;
    assert_eq!(done.status, "done");
    assert!(done.finished_at.is_some() && done.error.is_none());
    let simulation = &done.result.unwrap()["simulations"][0];
    assert_eq!(simulation["status"], "completed");
    assert_eq!(simulation["bed_id"], json!(BED));
    let at = &simulation["velocities"][0];
    assert_eq!(at["superficial_velocity_m_s"], 0.1);
    assert_eq!(
        at["quantities"]["pressure_drop_pa"],
        json!({ "value": 1.5, "unit": "Pa", "uncertainty": 0.25 })
    );
    assert_eq!(at["comparisons"][0]["name"], "Ergun 1952");
}

#[tokio::test]
async fn the_error_is_that_of_the_job_that_failed_first() {
    let database = submitted().await;
    let packing = won(&database, PACKING, 11).await;
    committed!(&database, jobs::fail, &packing, &permanent()).unwrap();
    let failed = stored(&database).await;
    assert_eq!(failed.status, "error");
    assert_eq!(failed.error.unwrap()["code"], "not_settled");
    assert_eq!(failed.result.unwrap()["simulations"][0]["status"], "failed");
}

#[tokio::test]
async fn an_attempt_that_is_tried_again_is_no_error() {
    let database = submitted().await;
    let packing = won(&database, PACKING, 11).await;
    committed!(&database, jobs::end_attempt, &packing, &retryable()).unwrap();
    assert_eq!(status(&database).await, "running");
    skip_backoff(&database).await;
    let packing = won(&database, PACKING, 12).await;
    committed!(&database, jobs::give_back, &packing).unwrap();
    assert_eq!(status(&database).await, "running");
    won(&database, PACKING, 13).await;
    expire_leases(&database).await;
    reap(&database, std::time::Duration::from_hours(1)).await;
    assert_eq!(status(&database).await, "running");
}

#[tokio::test]
async fn a_submission_whose_worker_went_silent_for_good_has_an_error() {
    let database = submitted().await;
    for token in 1..=3 {
        won(&database, PACKING, token).await;
        expire_leases(&database).await;
        reap(&database, std::time::Duration::from_hours(1)).await;
    }
    let failed = stored(&database).await;
    assert_eq!(failed.status, "error");
    assert_eq!(failed.error.unwrap()["code"], "lease_expired");
}

#[tokio::test]
async fn a_dead_letter_ends_the_submission() {
    let database = submitted().await;
    relay(&database).await;
    committed!(&database, jobs::abandon, PACKING, &retryable()).unwrap();
    assert_eq!(status(&database).await, "error");
}

#[tokio::test]
async fn a_cancelled_submission_says_so_and_can_be_tried_again() {
    let database = submitted().await;
    let stopped = committed!(&database, submissions::cancellable, SUBMISSION).unwrap();
    assert_eq!(stopped, [FLOW, PACKING], "what comes later stops first");
    for job in stopped {
        committed!(&database, jobs::request_cancel, job).unwrap();
    }
    let cancelled = stored(&database).await;
    assert_eq!(cancelled.status, "error");
    assert_eq!(cancelled.error.unwrap()["code"], "cancelled");
    let again = committed!(&database, submissions::ended_badly, SUBMISSION).unwrap();
    assert_eq!(again, [PACKING, FLOW], "what comes first is tried first");
    for job in again {
        committed!(&database, jobs::retry, job).unwrap();
    }
    let queued = stored(&database).await;
    assert_eq!(queued.status, "queued");
    assert_eq!(
        (queued.error, queued.result, queued.finished_at),
        (None, None, None)
    );
    pack(&database).await;
    let flow = won(&database, FLOW, 12).await;
    solve(&database, &flow).await;
    assert_eq!(status(&database).await, "done");
}

#[tokio::test]
async fn a_packing_that_somebody_else_waits_for_is_not_cancelled() {
    let database = submitted().await;
    add_other_flow(&database).await;
    let stopped = committed!(&database, submissions::cancellable, SUBMISSION).unwrap();
    assert_eq!(stopped, [FLOW]);
}

async fn add_other_flow(database: &Database) {
    let simulation = rows::simulation(OTHER_SIMULATION, BED);
    committed!(database, simulations::insert, &simulation).unwrap();
    let flow = rows::flow_job(OTHER_FLOW, &simulation, Some(PACKING));
    committed!(database, jobs::insert, &flow).unwrap();
}

/// Neither sees the other's end before it is committed, so the second has to wait for the first.
#[tokio::test(flavor = "multi_thread")]
async fn two_last_jobs_that_end_at_once_end_the_submission() {
    let database = submitted().await;
    add_other_flow(&database).await;
    committed!(&database, link_job, OTHER_FLOW).unwrap();
    pack(&database).await;
    let (one, two) = (
        won(&database, FLOW, 12).await,
        won(&database, OTHER_FLOW, 13).await,
    );
    let mut first = client(&database).await;
    let tx = first.transaction().await.unwrap();
    jobs::complete(&tx, &one).await.unwrap();
    let second = async { committed!(&database, jobs::complete, &two).unwrap() };
    let committing = async {
        blocked(&database).await;
        tx.commit().await.unwrap();
    };
    tokio::join!(second, committing);
    assert_eq!(status(&database).await, "done");
}

async fn link_job(tx: &store::Transaction<'_>, job: Uuid) -> Result<(), store::Error> {
    submissions::link(tx, SUBMISSION, &[], &[job]).await
}

#[tokio::test]
async fn a_submission_without_jobs_is_done_at_once() {
    let database = with_bed().await;
    committed!(&database, submissions::insert, &submission(SUBMISSION)).unwrap();
    committed!(&database, submissions::link, SUBMISSION, &[SIMULATION], &[]).unwrap();
    let done = stored(&database).await;
    assert_eq!(done.status, "done");
    let result: Value = done.result.unwrap();
    assert_eq!(result["simulations"][0]["id"], json!(SIMULATION));
}

#[tokio::test]
async fn who_asked_is_written_down_as_they_were_then() {
    let database = submitted().await;
    run(&database, "UPDATE users SET name = 'Somebody Else'").await;
    assert_eq!(stored(&database).await.author.name, "Ada Example");
}
