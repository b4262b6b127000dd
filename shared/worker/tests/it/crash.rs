//! Workers as processes of their own, so that they can be killed: this test binary once more, told by a file what to do.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use job::Status;
use serde_json::{Value, json};
use store::Store;
use tokio::process::{Child, Command};
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use worker::{Parts, Worker};

use crate::script::{Act, Script};
use crate::world::{Running, World, settings};

const ORDERS: &str = "worker.json";

/// A worker process whose job never ends by itself.
fn spawn(world: &World) -> Child {
    let orders = json!({
        "database": world.database.as_ref().unwrap().url(),
        "endpoint": world.cloud.endpoint_url(),
        "packing": world.cloud.queue_settings.packing.url(),
        "bucket": world.cloud.object_settings.bucket,
    });
    // beside the work folder: what is in it is swept
    let home = world.work_dir.path().join("home");
    fs::create_dir_all(&home).unwrap();
    fs::write(home.join(ORDERS), orders.to_string()).unwrap();
    Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "crash::worker_process"])
        .current_dir(home)
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

#[tokio::test]
#[ignore = "the other process of the tests below"]
async fn worker_process() {
    let Ok(orders) = fs::read(ORDERS) else { return };
    let orders: Value = serde_json::from_slice(&orders).unwrap();
    let text = |name: &str| orders[name].as_str().unwrap().to_owned();
    let endpoint = queue::Endpoint::emulator(text("endpoint"));
    let queue = queue::Settings {
        endpoint: endpoint.clone(),
        packing: queue::Name::new(text("packing")),
        flow: queue::Name::new(text("packing")),
    };
    let objects = objects::Settings {
        endpoint,
        ..objects::Settings::new(text("bucket"))
    };
    let parts = Parts {
        store: Store::connect(&store::Settings::new(text("database"))).unwrap(),
        queue: queue::Queue::connect(&queue).await,
        objects: objects::Objects::connect(&objects).await,
        ids: std::sync::Arc::new(runtime::SystemIds),
        live: worker::Live::default(),
    };
    let shutdown = CancellationToken::new();
    let mut terminate = signal(SignalKind::terminate()).unwrap();
    let told = shutdown.clone();
    tokio::spawn(async move {
        terminate.recv().await;
        told.cancel();
    });
    let work_dir = std::env::current_dir().unwrap().join("../jobs");
    Worker::new(parts, Script::new(Act::UntilStopped), settings(&work_dir))
        .run(shutdown)
        .await;
}

#[tokio::test]
async fn a_killed_worker_costs_an_attempt_and_leaves_nothing() {
    let world = World::new().await;
    let mut process = spawn(&world);
    let id = world.job().await;
    world.wait(id, |job| job.status == Status::Running).await;
    let jobs = world.work_dir.path().join("jobs");
    // the folder comes a moment after the claim
    let folder = async {
        while fs::read_dir(&jobs).map_or(0, Iterator::count) == 0 {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(30), folder).await.unwrap();
    process.kill().await.unwrap();
    assert_eq!(
        fs::read_dir(&jobs).unwrap().count(),
        1,
        "a killed worker cannot tidy up"
    );

    let running = Running::start(Worker::new(
        world.parts(),
        Script::new(Act::Succeed),
        settings(&jobs),
    ));
    let job = world.finished(id).await;
    assert_eq!((job.status, job.attempt), (Status::Completed, 2));
    world.queue_is_empty().await;
    running.end().await;
    assert_eq!(
        fs::read_dir(&jobs).unwrap().count(),
        0,
        "the next worker tidied up"
    );
}

#[tokio::test]
async fn a_terminated_worker_gives_its_job_back_before_it_ends() {
    let world = World::new().await;
    let mut process = spawn(&world);
    let id = world.job().await;
    world.wait(id, |job| job.status == Status::Running).await;
    let pid = process.id().unwrap().to_string();
    let sent = Command::new("kill")
        .args(["-TERM", &pid])
        .status()
        .await
        .unwrap();
    assert!(sent.success() && process.wait().await.unwrap().success());
    let job = world.get(id).await;
    assert_eq!((job.status, job.attempt), (Status::Queued, 0));
    assert_eq!(
        fs::read_dir(world.work_dir.path().join("jobs"))
            .unwrap()
            .count(),
        0
    );
}
