use job::{EventKind, Status};

use crate::script::{Act, Script};
use crate::world::{Running, World};

#[tokio::test]
async fn a_message_leads_to_one_result_and_leaves_nothing() {
    let world = World::new().await;
    let running = Running::start(world.worker(Script::new(Act::Succeed)));
    let id = world.job().await;
    let job = world.finished(id).await;
    assert_eq!((job.status, job.attempt), (Status::Completed, 1));
    world.queue_is_empty().await;
    assert_eq!(world.dead_letters().await, 0, "the message was deleted");
    running.end().await;
    assert_eq!(
        world.events(id).await,
        [EventKind::Queued, EventKind::Claimed, EventKind::Completed]
    );
    assert_eq!(world.folders(), 0);
}

#[tokio::test]
async fn a_duplicate_delivery_changes_nothing() {
    let world = World::new().await;
    let script = Script::new(Act::UntilReleased);
    let id = world.job().await;
    world.send(id).await;
    world.send(id).await;
    let one = Running::start(world.worker(script.clone()));
    let two = Running::start(world.worker(script.clone()));
    world.wait(id, |job| job.status == Status::Running).await;
    script.release();
    world.finished(id).await;
    world.queue_is_empty().await;
    one.end().await;
    two.end().await;
    assert_eq!(script.runs(), 1);
    assert_eq!(
        world.events(id).await,
        [EventKind::Queued, EventKind::Claimed, EventKind::Completed]
    );
}

#[tokio::test]
async fn two_workers_share_the_jobs_and_run_none_twice() {
    let world = World::new().await;
    let script = Script::new(Act::Succeed);
    let mut ids = Vec::new();
    for _ in 0..30 {
        ids.push(world.unsent_job().await);
    }
    let one = Running::start(world.worker(script.clone()));
    let two = Running::start(world.worker(script.clone()));
    world.relay().await;
    for id in &ids {
        assert_eq!(world.finished(*id).await.status, Status::Completed);
    }
    world.queue_is_empty().await;
    one.end().await;
    two.end().await;
    assert_eq!(script.runs(), 30);
}

#[tokio::test]
async fn an_unreadable_message_ends_among_the_dead_letters_alone() {
    let world = World::with_receives(1).await;
    let script = Script::new(Act::Succeed);
    let queue = &world.cloud.queue_settings.packing;
    world.cloud.queue.send(queue, &"not a job").await.unwrap();
    let id = world.job().await;
    let running = Running::start(world.worker(script.clone()));
    assert_eq!(world.finished(id).await.status, Status::Completed);
    world.queue_is_empty().await;
    running.end().await;
    assert_eq!(world.dead_letters().await, 1);
    assert_eq!(dead_letters::drain(&world.parts()).await.unwrap(), 1);
    assert_eq!(world.dead_letters().await, 0);
}

#[tokio::test]
async fn a_message_of_an_unknown_job_is_dropped() {
    let world = World::new().await;
    world.send(uuid::Uuid::nil()).await;
    let running = Running::start(world.worker(Script::new(Act::Succeed)));
    world.queue_is_empty().await;
    running.end().await;
    assert_eq!(world.dead_letters().await, 0);
}
