use job::{Class, Failure, Status};
use store::{jobs, results};

use crate::setup::*;

#[tokio::test]
async fn a_completed_job_has_its_whole_history() {
    let database = with_job().await;
    let claimed = won(&database, PACKING, 10).await;
    let job = committed!(&database, jobs::complete, &claimed).unwrap().job;
    assert_eq!((job.status, job.fraction), (Status::Completed, Some(1.0)));
    assert!(job.finished_at.is_some());
    assert_eq!(
        event_words(&database, PACKING).await,
        ["queued", "claimed", "completed"]
    );
    let numbers: Vec<i32> = events(&database, PACKING)
        .await
        .iter()
        .map(|event| event.seq)
        .collect();
    assert_eq!(numbers, [1, 2, 3]);
}

#[tokio::test]
async fn a_job_completes_together_with_its_results_or_not_at_all() {
    let database = with_job().await;
    let claimed = won(&database, PACKING, 10).await;
    let mut client = client(&database).await;
    let tx = client.transaction().await.unwrap();
    jobs::complete(&tx, &claimed).await.unwrap();
    let not_a_number = results::Quantity {
        velocity_index: 0,
        superficial_velocity_m_s: 0.1,
        quantity: "pressure_drop_pa".to_owned(),
        value: f64::NAN,
        unit: "Pa".to_owned(),
        uncertainty: None,
    };
    assert!(
        results::insert(&tx, SIMULATION, &[not_a_number])
            .await
            .is_err()
    );
    drop(tx);
    assert_eq!(status(&database, PACKING).await, Status::Running);
}

#[tokio::test]
async fn a_permanent_failure_ends_the_job_with_the_engines_last_words() {
    let database = with_job().await;
    let claimed = won(&database, PACKING, 10).await;
    let job = committed!(&database, jobs::end_attempt, &claimed, &permanent()).unwrap();
    assert_eq!((job.status, job.error), (Status::Failed, Some(permanent())));
    let last = events(&database, PACKING).await.pop().unwrap();
    assert_eq!(last.data["failure"]["last_words"], "still moving");
}

#[tokio::test]
async fn a_retryable_failure_waits_longer_each_time_and_then_fails_the_job() {
    let database = with_job().await;
    relay(&database).await;
    for attempt in 1..=3 {
        let claimed = won(&database, PACKING, 10 + attempt).await;
        let job = committed!(&database, jobs::end_attempt, &claimed, &retryable()).unwrap();
        assert_eq!(job.attempt, i32::try_from(attempt).unwrap());
        assert!(
            relay(&database).await.is_empty(),
            "the message has to wait for the backoff"
        );
        skip_backoff(&database).await;
    }
    assert_eq!(status(&database, PACKING).await, Status::Failed);
    let events = events(&database, PACKING).await;
    let waits: Vec<_> = events
        .iter()
        .filter_map(|event| event.data["wait_s"].as_f64())
        .collect();
    assert_eq!(waits, [2.0, 8.0]);
}

#[tokio::test]
async fn a_job_given_back_is_claimable_at_once_and_keeps_its_attempts() {
    let database = with_job().await;
    relay(&database).await;
    for token in 10..15 {
        let claimed = won(&database, PACKING, token).await;
        assert_eq!(claimed.job.attempt, 1);
        let stop = Failure::interrupted("the worker is stopping");
        assert_eq!(stop.class, Class::Interrupted);
        committed!(&database, jobs::end_attempt, &claimed, &stop).unwrap();
        assert_eq!(relay(&database).await, [PACKING]);
    }
}

#[tokio::test]
async fn a_dead_letter_fails_a_job_that_nothing_else_would_wake_but_not_one_that_runs() {
    let database = with_job().await;
    let claimed = won(&database, PACKING, 10).await;
    let failure = Failure::permanent("dead_letter", "delivered too often");
    assert_eq!(
        committed!(&database, jobs::abandon, PACKING, &failure).unwrap(),
        None
    );
    committed!(&database, jobs::give_back, &claimed).unwrap();
    relay(&database).await;
    let job = committed!(&database, jobs::abandon, PACKING, &failure)
        .unwrap()
        .unwrap();
    assert_eq!((job.status, job.error), (Status::Failed, Some(failure)));
}

#[tokio::test]
async fn the_dead_letter_of_an_old_duplicate_leaves_the_job_to_its_newer_message() {
    let database = with_job().await;
    relay(&database).await;
    let claimed = won(&database, PACKING, 10).await;
    committed!(&database, jobs::end_attempt, &claimed, &retryable()).unwrap();
    let failure = Failure::permanent("dead_letter", "delivered too often");
    assert_eq!(
        committed!(&database, jobs::abandon, PACKING, &failure).unwrap(),
        None
    );
    assert_eq!(status(&database, PACKING).await, Status::Queued);
}
