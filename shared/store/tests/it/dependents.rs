use job::{Refused, Status};
use store::Error;
use store::jobs::{self, Claim};
use testkit::rows;
use uuid::Uuid;

use crate::setup::*;

#[tokio::test]
async fn a_job_waits_without_a_message_until_the_one_before_it_completes() {
    let database = with_both_jobs().await;
    assert_eq!(relay(&database).await, [PACKING]);
    assert_eq!(
        claim(&database, FLOW, 10).await,
        Claim::Refused(Refused::Waiting)
    );
    let packing = won(&database, PACKING, 11).await;
    let completed = committed!(&database, jobs::complete, &packing).unwrap();
    assert_eq!(completed.released, 1);
    assert_eq!(relay(&database).await, [FLOW]);
    let flow = won(&database, FLOW, 12).await;
    let completed = committed!(&database, jobs::complete, &flow).unwrap();
    assert_eq!(completed.released, 0, "nothing waits for the flow");
}

#[tokio::test]
async fn a_failure_fails_all_that_wait_for_it_and_says_why() {
    let database = with_both_jobs().await;
    let packing = won(&database, PACKING, 11).await;
    committed!(&database, jobs::fail, &packing, &permanent()).unwrap();
    let flow = job(&database, FLOW).await;
    assert_eq!(flow.status, Status::Failed);
    let error = flow.error.unwrap();
    assert_eq!(error.code, "prerequisite_failed");
    assert!(
        error.message.contains("did not settle"),
        "{}",
        error.message
    );
    assert_eq!(simulation_status(&database).await, "failed");
    assert_eq!(event_words(&database, FLOW).await, ["queued", "failed"]);
}

#[tokio::test]
async fn cancelling_reaches_all_that_wait_however_far_down() {
    let database = with_both_jobs().await;
    let later = Uuid::from_u128(5);
    let flow = rows::flow_job(later, &rows::simulation(SIMULATION, BED), Some(FLOW));
    committed!(&database, jobs::insert, &flow).unwrap();
    committed!(&database, jobs::request_cancel, PACKING).unwrap();
    for id in [PACKING, FLOW, later] {
        assert_eq!(status(&database, id).await, Status::Cancelled);
    }
}

#[tokio::test]
async fn a_job_after_a_completed_one_is_ready_at_once() {
    let database = with_job().await;
    let packing = won(&database, PACKING, 11).await;
    committed!(&database, jobs::complete, &packing).unwrap();
    relay(&database).await;
    let flow = rows::flow_job(FLOW, &rows::simulation(SIMULATION, BED), Some(PACKING));
    committed!(&database, jobs::insert, &flow).unwrap();
    assert_eq!(relay(&database).await, [FLOW]);
}

#[tokio::test]
async fn a_job_after_a_failed_one_is_refused() {
    let database = with_job().await;
    let packing = won(&database, PACKING, 11).await;
    committed!(&database, jobs::fail, &packing, &permanent()).unwrap();
    let flow = rows::flow_job(FLOW, &rows::simulation(SIMULATION, BED), Some(PACKING));
    let refused = committed!(&database, jobs::insert, &flow).unwrap_err();
    assert!(
        matches!(
            refused,
            Error::Refused {
                refused: Refused::Finished(Status::Failed),
                ..
            }
        ),
        "{refused}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_made_while_the_one_before_it_completes_is_never_forgotten() {
    let database = with_job().await;
    relay(&database).await;
    let packing = won(&database, PACKING, 11).await;
    let mut inserting = client(&database).await;
    let tx = inserting.transaction().await.unwrap();
    let flow = rows::flow_job(FLOW, &rows::simulation(SIMULATION, BED), Some(PACKING));
    jobs::insert(&tx, &flow).await.unwrap();
    // The completion has to wait for the insertion, and then sees what it inserted.
    let completing = async { committed!(&database, jobs::complete, &packing).unwrap() };
    let committing = async {
        blocked(&database).await;
        tx.commit().await.unwrap();
    };
    tokio::join!(completing, committing);
    assert_eq!(relay(&database).await, [FLOW]);
}

#[tokio::test]
async fn the_simulation_follows_its_flow_job_and_only_that() {
    let database = with_both_jobs().await;
    let packing = won(&database, PACKING, 11).await;
    assert_eq!(simulation_status(&database).await, "pending");
    committed!(&database, jobs::complete, &packing).unwrap();
    let flow = won(&database, FLOW, 12).await;
    assert_eq!(simulation_status(&database).await, "running");
    committed!(&database, jobs::give_back, &flow).unwrap();
    assert_eq!(simulation_status(&database).await, "pending");
    let flow = won(&database, FLOW, 13).await;
    committed!(&database, jobs::complete, &flow).unwrap();
    assert_eq!(simulation_status(&database).await, "completed");
}
