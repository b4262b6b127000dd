use std::time::Duration;

use job::{EventKind, Status};
use store::{Store, jobs};
use worker::{Parts, Worker};

use crate::script::{Act, Script};
use crate::world::{Running, World};

#[tokio::test]
async fn a_running_job_can_be_cancelled() {
    let world = World::new().await;
    let running = Running::start(world.worker(Script::new(Act::UntilStopped)));
    let id = world.job().await;
    world.wait(id, |job| job.status == Status::Running).await;
    let mut client = world.store.client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    jobs::request_cancel(&tx, id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(world.finished(id).await.status, Status::Cancelled);
    world.queue_is_empty().await;
    running.end().await;
}

#[tokio::test]
async fn a_worker_told_to_stop_gives_its_job_back_and_the_attempt_does_not_count() {
    let world = World::new().await;
    let first = Running::start(world.worker(Script::new(Act::UntilStopped)));
    let id = world.job().await;
    world.wait(id, |job| job.status == Status::Running).await;
    first.end().await;
    let job = world.get(id).await;
    assert_eq!((job.status, job.attempt), (Status::Queued, 0));

    let second = Running::start(world.worker(Script::new(Act::Succeed)));
    assert_eq!(world.finished(id).await.attempt, 1);
    world.queue_is_empty().await;
    second.end().await;
    assert!(world.events(id).await.contains(&EventKind::Interrupted));
}

#[tokio::test]
async fn a_handler_that_ignores_the_end_is_dropped_and_its_job_given_back() {
    let world = World::new().await;
    let running = Running::start(world.worker(Script::new(Act::Hang)));
    let id = world.job().await;
    world.wait(id, |job| job.status == Status::Running).await;
    running.end().await;
    let job = world.get(id).await;
    assert_eq!((job.status, job.attempt), (Status::Queued, 0));
}

#[tokio::test]
async fn a_worker_told_to_stop_while_the_database_is_away_ends_with_its_lease() {
    let world = World::new().await;
    let own = Store::connect(&store::Settings::new(
        world.database.as_ref().unwrap().url(),
    ))
    .unwrap();
    let parts = Parts {
        store: own.clone(),
        ..world.parts()
    };
    let script = Script::new(Act::UntilStopped);
    let first = Running::start(Worker::new(parts, script, world.settings()));
    let id = world.job().await;
    world.wait(id, |job| job.status == Status::Running).await;
    own.close();
    tokio::time::timeout(Duration::from_secs(30), first.end())
        .await
        .expect("it ends");

    let second = Running::start(world.worker(Script::new(Act::Succeed)));
    assert_eq!(world.finished(id).await.attempt, 2);
    second.end().await;
}
