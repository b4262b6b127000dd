use job::{Refused, Status};
use store::Error;
use store::jobs::{self, Claim};
use uuid::Uuid;

use crate::setup::*;

#[tokio::test]
async fn a_waiting_job_is_cancelled_at_once() {
    let database = with_job().await;
    let job = committed!(&database, jobs::request_cancel, PACKING).unwrap();
    assert_eq!(job.status, Status::Cancelled);
    assert_eq!(
        claim(&database, PACKING, 10).await,
        Claim::Refused(Refused::Finished(Status::Cancelled))
    );
    assert_eq!(
        event_words(&database, PACKING).await,
        ["queued", "cancelled"]
    );
}

#[tokio::test]
async fn a_running_job_is_cancelled_by_its_worker_after_the_heartbeat_said_so() {
    let database = with_job().await;
    let claimed = won(&database, PACKING, 10).await;
    for _ in 0..2 {
        let job = committed!(&database, jobs::request_cancel, PACKING).unwrap();
        assert_eq!((job.status, job.cancel_requested), (Status::Running, true));
    }
    assert!(
        jobs::heartbeat(&client(&database).await, &claimed, None)
            .await
            .unwrap()
            .cancel_requested
    );
    let job = committed!(&database, jobs::confirm_cancel, &claimed).unwrap();
    assert_eq!(job.status, Status::Cancelled);
    assert_eq!(
        event_words(&database, PACKING).await,
        ["queued", "claimed", "cancel_requested", "cancelled"]
    );
}

#[tokio::test]
async fn a_worker_cannot_cancel_what_nobody_asked_it_to() {
    let database = with_job().await;
    let claimed = won(&database, PACKING, 10).await;
    assert!(matches!(
        committed!(&database, jobs::confirm_cancel, &claimed),
        Err(Error::LeaseLost(_))
    ));
    assert_eq!(status(&database, PACKING).await, Status::Running);
}

#[tokio::test]
async fn a_job_to_be_cancelled_is_not_tried_again() {
    let database = with_job().await;
    let claimed = won(&database, PACKING, 10).await;
    committed!(&database, jobs::request_cancel, PACKING).unwrap();
    let job = committed!(&database, jobs::retry_later, &claimed, &retryable()).unwrap();
    assert_eq!(job.status, Status::Cancelled);
}

#[tokio::test]
async fn a_finished_job_cannot_be_cancelled() {
    let database = with_job().await;
    let claimed = won(&database, PACKING, 10).await;
    committed!(&database, jobs::complete, &claimed).unwrap();
    let refused = committed!(&database, jobs::request_cancel, PACKING).unwrap_err();
    assert!(
        matches!(
            refused,
            Error::Refused {
                refused: Refused::Finished(Status::Completed),
                ..
            }
        ),
        "{refused}"
    );
}

#[tokio::test]
async fn a_job_nobody_knows_cannot_be_cancelled() {
    let database = with_job().await;
    let missing = committed!(&database, jobs::request_cancel, Uuid::from_u128(99)).unwrap_err();
    assert!(matches!(missing, Error::NotFound { .. }), "{missing}");
}
