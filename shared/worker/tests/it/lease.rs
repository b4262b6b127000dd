use std::time::Duration;

use job::{EventKind, Status};
use store::Store;
use worker::{Parts, Settings, Worker};

use crate::script::{Act, Script};
use crate::world::{Running, World, settings};

/// A worker that stands still longer than its lease, as on a paused machine, on a thread of its own.
fn frozen(world: &World, script: &Script, time: Duration) -> std::thread::JoinHandle<()> {
    let (queue, objects) = (
        world.cloud.queue_settings.clone(),
        world.cloud.object_settings.clone(),
    );
    let url = world.database.as_ref().unwrap().url().to_owned();
    let work_dir = world.work_dir.path().to_owned();
    let (ids, script) = (world.parts().ids, script.clone());
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let parts = Parts {
                store: Store::connect(&store::Settings::new(&url)).unwrap(),
                queue: queue::Queue::connect(&queue).await,
                objects: objects::Objects::connect(&objects).await,
                ids,
                live: worker::Live::default(),
            };
            let running = Running::start(Worker::new(parts, script.clone(), settings(&work_dir)));
            while script.runs() == 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            tokio::time::sleep(time).await;
            running.end().await;
        });
    })
}

#[tokio::test]
async fn a_lease_stolen_in_mid_run_leaves_the_result_to_the_new_owner() {
    let world = World::new().await;
    let slow = Script::new(Act::Freeze(Duration::from_secs(5)));
    let quick = Script::new(Act::Succeed);
    let thread = frozen(&world, &slow, Duration::from_millis(1));
    let id = world.job().await;
    world.wait(id, |job| job.status == Status::Running).await;

    let running = Running::start(world.worker(quick.clone()));
    let job = world.finished(id).await;
    assert_eq!((job.status, job.attempt), (Status::Completed, 2));
    tokio::task::spawn_blocking(move || thread.join().unwrap())
        .await
        .unwrap();
    world.queue_is_empty().await;
    running.end().await;
    assert_eq!((slow.runs(), quick.runs()), (1, 1));
    let expected = [
        EventKind::Queued,
        EventKind::Claimed,
        EventKind::Claimed,
        EventKind::Completed,
    ];
    assert_eq!(
        world.events(id).await,
        expected,
        "the first owner wrote nothing more"
    );
}

#[tokio::test]
async fn a_worker_cut_off_from_the_database_stops_and_another_takes_over() {
    let world = World::new().await;
    let own = Store::connect(&store::Settings::new(
        world.database.as_ref().unwrap().url(),
    ))
    .unwrap();
    let cut_off = Script::new(Act::UntilStopped);
    let parts = Parts {
        store: own.clone(),
        ..world.parts()
    };
    let first = Running::start(Worker::new(parts, cut_off.clone(), world.settings()));
    let id = world.job().await;
    world.wait(id, |job| job.status == Status::Running).await;
    own.close();

    let second = Running::start(world.worker(Script::new(Act::Succeed)));
    let job = world.finished(id).await;
    assert_eq!((job.status, job.attempt), (Status::Completed, 2));
    first.end().await;
    second.end().await;
}

#[tokio::test]
async fn the_reaper_puts_a_job_with_an_expired_lease_back() {
    let world = World::new().await;
    let id = world.unsent_job().await;
    let lease = job::Lease {
        token: world.parts().ids.next(),
        duration: Duration::ZERO,
    };
    let client = world.store.client().await.unwrap();
    store::jobs::claim(&client, id, lease).await.unwrap();
    drop(client);
    world
        .cloud
        .queue
        .purge(&world.cloud.queue_settings.packing)
        .await
        .unwrap();

    let hour = Duration::from_hours(1);
    let swept = worker::sweep(&world.store, &world.cloud.queue, hour)
        .await
        .unwrap();
    assert_eq!(swept.stranded.requeued, 1);
    let settings = Settings {
        concurrency: 1,
        ..world.settings()
    };
    let running = Running::start(Worker::new(
        world.parts(),
        Script::new(Act::Succeed),
        settings,
    ));
    assert_eq!(world.finished(id).await.attempt, 2);
    running.end().await;
}
