use std::time::Duration;

use job::{EventKind, Status};
use worker::{Settings, Worker};

use crate::script::{Act, Script};
use crate::world::{Running, World};

#[tokio::test]
async fn attempts_run_out_and_the_job_fails_once() {
    let world = World::new().await;
    let script = Script::new(Act::Retry);
    let running = Running::start(world.worker(script.clone()));
    let id = world.job().await;
    let job = world.finished(id).await;
    assert_eq!(
        (job.status, job.attempt, script.runs()),
        (Status::Failed, 3, 3)
    );
    assert_eq!(job.error.unwrap().code, "scripted");
    world.queue_is_empty().await;
    running.end().await;
    let events = world.events(id).await;
    let count = |wanted| events.iter().filter(|kind| **kind == wanted).count();
    assert_eq!(
        (count(EventKind::Retry), count(EventKind::Failed)),
        (2, 1),
        "{events:?}"
    );
}

#[tokio::test]
async fn a_permanent_failure_ends_at_once_with_the_engines_last_words() {
    let world = World::new().await;
    let running = Running::start(world.worker(Script::new(Act::Permanent)));
    let id = world.job().await;
    let job = world.finished(id).await;
    running.end().await;
    assert_eq!((job.status, job.attempt), (Status::Failed, 1));
    assert_eq!(
        job.error.unwrap().last_words.as_deref(),
        Some("FOAM FATAL ERROR")
    );
}

#[tokio::test]
async fn a_panic_costs_an_attempt_and_not_the_worker() {
    let world = World::new().await;
    let running = Running::start(world.worker(Script::new(Act::Panic)));
    let (first, second) = (world.job().await, world.job().await);
    for id in [first, second] {
        let job = world.wait(id, |job| job.error.is_some()).await;
        let failure = job.error.unwrap();
        assert_eq!(failure.code, "panic");
        assert!(
            !failure.message.contains("as scripted"),
            "its words are for the log: {failure}"
        );
    }
    running.end().await;
    assert_eq!(world.folders(), 0);
}

#[tokio::test]
async fn a_handler_that_hangs_is_dropped_and_counts_as_a_failed_attempt() {
    let world = World::new().await;
    let settings = Settings {
        silence: Duration::from_millis(300),
        ..world.settings()
    };
    let running = Running::start(Worker::new(world.parts(), Script::new(Act::Hang), settings));
    let id = world.job().await;
    let job = world.wait(id, |job| job.error.is_some()).await;
    running.end().await;
    assert_eq!(job.error.unwrap().code, "silent");
    assert_eq!(world.folders(), 0);
}

#[tokio::test]
async fn progress_is_written_while_the_job_runs() {
    let world = World::new().await;
    let script = Script::new(Act::UntilReleased);
    let running = Running::start(world.worker(script.clone()));
    let id = world.job().await;
    let job = world.wait(id, |job| job.stage.is_some()).await;
    assert_eq!(
        (job.stage.as_deref(), job.fraction),
        (Some("scripted"), Some(0.5))
    );
    script.release();
    world.finished(id).await;
    running.end().await;
}
