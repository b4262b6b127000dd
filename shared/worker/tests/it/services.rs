use std::time::Duration;

use embedded::postgres::{Postgres, PostgresSettings};
use job::{EventKind, Status};
use queue::Queue;
use store::{Store, idempotency_keys};
use tempfile::TempDir;
use testkit::Cloud;
use worker::{Settings, Worker};

use crate::script::{Act, Script};
use crate::world::{Running, World};

#[tokio::test]
async fn a_crash_between_commit_and_send_is_made_good_by_the_sweep() {
    let world = World::new().await;
    let running = Running::start(world.worker(Script::new(Act::Succeed)));
    let id = world.unsent_job().await;
    let hour = Duration::from_hours(1);
    let swept = worker::sweep(&world.store, &world.cloud.queue, hour)
        .await
        .unwrap();
    assert_eq!((swept.relayed.sent, swept.stranded.woken), (1, 0));
    assert_eq!(world.finished(id).await.status, Status::Completed);
    running.end().await;
}

#[tokio::test]
async fn a_queue_that_was_emptied_loses_nothing() {
    let world = World::new().await;
    let id = world.job().await;
    world
        .cloud
        .queue
        .purge(&world.cloud.queue_settings.packing)
        .await
        .unwrap();
    let running = Running::start(world.worker(Script::new(Act::Succeed)));
    let swept = worker::sweep(&world.store, &world.cloud.queue, Duration::ZERO)
        .await
        .unwrap();
    assert_eq!((swept.stranded.woken, swept.relayed.sent), (1, 1));
    assert_eq!(world.finished(id).await.status, Status::Completed);
    running.end().await;
}

#[tokio::test]
async fn the_sweep_forgets_idempotency_keys_whose_time_is_up() {
    let world = World::new().await;
    let client = world.store.client().await.unwrap();
    for key in ["old", "new"] {
        let request = idempotency_keys::Request {
            owner: "",
            route: "POST /beds",
            key,
            request_hash: &"a".repeat(64),
        };
        idempotency_keys::begin(&client, &request).await.unwrap();
    }
    let expire =
        "UPDATE idempotency_keys SET expires_at = now() - interval '1 s' WHERE key = 'old'";
    client.batch_execute(expire).await.unwrap();
    let hour = Duration::from_hours(1);
    let swept = worker::sweep(&world.store, &world.cloud.queue, hour)
        .await
        .unwrap();
    assert_eq!(swept.expired_keys, 1);
}

#[tokio::test]
async fn a_queue_that_is_away_does_not_hold_up_the_other() {
    let world = World::new().await;
    let packing = world.unsent_job().await;
    let flow = world.unsent_flow_job().await;
    let half = Queue::connect(&queue::Settings {
        packing: queue::Name::new(format!("{}/away", world.cloud.endpoint_url())),
        ..world.cloud.queue_settings.clone()
    })
    .await;
    assert!(worker::relay(&world.store, &half).await.is_err());
    assert_eq!(
        world.unsent().await,
        [packing],
        "the flow job {flow} was sent"
    );
    let sent = worker::relay(&world.store, &world.cloud.queue)
        .await
        .unwrap();
    assert_eq!((sent.sent, sent.refused), (1, 0));
}

#[tokio::test]
async fn a_job_survives_a_restart_of_postgres() {
    let data = TempDir::new().unwrap();
    let settings = PostgresSettings {
        data: data.path().to_owned(),
    };
    let postgres = Postgres::start(&settings).await.unwrap();
    store::migrate(postgres.url()).await.unwrap();
    testkit::settle(postgres.url()).await;
    let store = Store::connect(&store::Settings::new(postgres.url())).unwrap();
    let world = World::on(Cloud::new().await, store);
    let script = Script::new(Act::UntilReleased);
    let patient = Settings {
        lease: Duration::from_mins(1),
        ..world.settings()
    };
    let running = Running::start(Worker::new(world.parts(), script.clone(), patient));
    let id = world.job().await;
    world.wait(id, |job| job.status == Status::Running).await;

    postgres.stop().await.unwrap();
    // the handler ends while there is no database: its result has to wait
    script.release();
    let postgres = Postgres::start(&settings).await.unwrap();
    let job = world.finished(id).await;
    assert_eq!(
        (job.status, job.attempt, script.runs()),
        (Status::Completed, 1, 1)
    );
    assert_eq!(
        world.events(id).await,
        [EventKind::Queued, EventKind::Claimed, EventKind::Completed]
    );
    running.end().await;
    world.store.close();
    postgres.stop().await.unwrap();
}
