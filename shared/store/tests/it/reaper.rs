use std::time::Duration;

use job::Status;
use store::jobs::{self, Stranded};

use crate::setup::*;

const LONG: Duration = Duration::from_hours(1);

#[tokio::test]
async fn a_job_whose_worker_died_goes_back_and_then_fails() {
    let database = with_job().await;
    relay(&database).await;
    for token in 10..12 {
        won(&database, PACKING, token).await;
        expire_leases(&database).await;
        assert_eq!(
            reap(&database, LONG).await,
            Stranded {
                requeued: 1,
                ended: 0,
                woken: 0
            }
        );
        assert_eq!(relay(&database).await, [PACKING]);
    }
    won(&database, PACKING, 12).await;
    expire_leases(&database).await;
    assert_eq!(
        reap(&database, LONG).await,
        Stranded {
            requeued: 0,
            ended: 1,
            woken: 0
        }
    );
    let job = job(&database, PACKING).await;
    assert_eq!(
        (job.status, job.error.unwrap().code.as_str()),
        (Status::Failed, "lease_expired")
    );
}

#[tokio::test]
async fn a_live_worker_is_left_alone() {
    let database = with_job().await;
    won(&database, PACKING, 10).await;
    assert_eq!(reap(&database, Duration::ZERO).await, Stranded::default());
}

#[tokio::test]
async fn a_job_to_be_cancelled_whose_worker_died_is_cancelled() {
    let database = with_both_jobs().await;
    won(&database, PACKING, 10).await;
    committed!(&database, jobs::request_cancel, PACKING).unwrap();
    expire_leases(&database).await;
    assert_eq!(reap(&database, LONG).await.ended, 1);
    assert_eq!(status(&database, PACKING).await, Status::Cancelled);
    assert_eq!(status(&database, FLOW).await, Status::Cancelled);
}

#[tokio::test]
async fn a_queued_job_whose_message_was_lost_gets_another() {
    let database = with_job().await;
    relay(&database).await;
    assert_eq!(reap(&database, LONG).await.woken, 0);
    assert_eq!(reap(&database, Duration::ZERO).await.woken, 1);
    assert_eq!(relay(&database).await, [PACKING]);
}

#[tokio::test]
async fn a_job_whose_message_is_still_to_be_sent_needs_no_other() {
    let database = with_job().await;
    assert_eq!(reap(&database, Duration::ZERO).await.woken, 0);
}

#[tokio::test]
async fn a_job_that_waits_for_another_is_not_woken() {
    let database = with_both_jobs().await;
    relay(&database).await;
    reap(&database, Duration::ZERO).await;
    assert_eq!(relay(&database).await, [PACKING]);
}

#[tokio::test]
async fn leases_that_are_ended_let_the_reaper_put_the_jobs_back_at_once() {
    let database = with_job().await;
    relay(&database).await;
    let claimed = won(&database, PACKING, 10).await;
    assert_eq!(jobs::end_leases(&client(&database).await).await.unwrap(), 1);
    assert_eq!(reap(&database, LONG).await.requeued, 1);
    assert_eq!(relay(&database).await, [PACKING]);
    let late = committed!(&database, jobs::complete, &claimed);
    assert!(
        matches!(late, Err(store::Error::LeaseLost(_))),
        "should its worker live after all, it writes nothing: {late:?}"
    );
}
