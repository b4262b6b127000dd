//! Engines that end before their time, hang, or find no room, and what their jobs say then.

use std::fs;
use std::path::Path;
use std::time::Duration;

use job::{Class, EventKind, Job, Status};
use testkit::{Process, SmallDisk, processes_in};
use tokio::time::{interval, timeout};
use worker::Settings;

use crate::world::World;

#[tokio::test]
async fn a_study_after_a_crash_goes_on_behind_its_last_finished_stage() {
    let world = World::packed().await;
    let first = world.flow_job(&[0.001]).await;
    world.work_off(first.id).await;

    let crashing = world.flow_job(&[0.001, 0.002]).await;
    let (failed, ()) = tokio::join!(
        world.work_off(crashing.id),
        signal_solver(world.folder.path(), "KILL")
    );
    assert_tried_again(&world, &failed, "killed").await;
    let last_words = failed.error.unwrap().last_words.unwrap();
    assert!(last_words.contains("Time = "), "{last_words}");

    let again = world.flow_job(&[0.001, 0.002]).await;
    assert_eq!(world.work_off(again.id).await.status, Status::Completed);
    assert_eq!(
        world.stages(again.id).await,
        [
            (EventKind::Reused, "mesh".into()),
            (EventKind::Reused, "flow".into()),
            (EventKind::StageFinished, "flow".into()),
        ]
    );
}

#[tokio::test]
async fn a_solver_that_diverges_fails_its_job_at_once_for_the_numbers_would_be_the_same_again() {
    let world = World::packed().await;
    let job = world.flow_job(&[0.001]).await;
    let (failed, ()) = tokio::join!(
        world.work_off(job.id),
        // what the processor does to a solver that divides by zero
        signal_solver(world.folder.path(), "FPE")
    );
    assert_eq!((failed.status, failed.attempt), (Status::Failed, 1));
    let failure = failed.error.unwrap();
    assert_eq!(
        (failure.class, failure.code.as_str()),
        (Class::Permanent, "diverged")
    );
    assert_eq!(world.count(job.id, EventKind::Failed).await, 1);
    assert_eq!(processes_in(world.folder.path()), []);
}

#[tokio::test]
async fn a_solver_that_hangs_is_ended_and_costs_one_attempt() {
    let world = World::packed().await;
    // the mesh, so that the next job goes straight to the solver
    let first = world.flow_job(&[0.001]).await;
    world.work_off(first.id).await;

    let hanging = world.flow_job(&[0.002]).await;
    let impatient = Settings {
        silence: Duration::from_secs(15),
        ..Settings::new(world.work_dir(), 1)
    };
    let (failed, ()) = tokio::join!(
        world.work_off_as(hanging.id, impatient),
        signal_solver(world.folder.path(), "STOP")
    );
    assert_tried_again(&world, &failed, "silent").await;
}

#[tokio::test]
async fn a_disk_that_fills_up_is_told_as_such_and_costs_one_attempt() {
    for size in ["300k", "1m", "2m"] {
        let world = World::packed().await;
        fs::create_dir(world.work_dir()).unwrap();
        let Some(disk) = SmallDisk::mount(&world.work_dir(), size) else {
            return;
        };
        let job = world.flow_job(&[0.001]).await;
        let failed = world.work_off(job.id).await;
        assert_ne!(failed.status, Status::Completed, "{size} are enough");
        assert_tried_again(&world, &failed, "disk_full").await;
        assert_eq!(fs::read_dir(disk.path()).unwrap().count(), 0);
    }
}

/// One attempt failed with this code, another follows, and no process is left of it.
async fn assert_tried_again(world: &World, job: &Job, code: &str) {
    let failure = job.error.as_ref().unwrap();
    assert_eq!(
        (failure.class, failure.code.as_str()),
        (Class::Retry, code),
        "{failure} {:?}",
        failure.last_words
    );
    assert_eq!((job.status, job.attempt), (Status::Queued, 1));
    assert_eq!(world.count(job.id, EventKind::Retry).await, 1);
    assert_eq!(processes_in(world.folder.path()), []);
}

/// Sends a signal to the solver that works below `folder` as soon as it iterates.
async fn signal_solver(folder: &Path, signal: &str) {
    let found = async {
        let mut looks = interval(Duration::from_millis(5));
        loop {
            looks.tick().await;
            if let Some(process) = solver(folder) {
                return process;
            }
        }
    };
    let process = timeout(Duration::from_mins(2), found)
        .await
        .expect("a solver iterates");
    process.signal(signal);
}

/// The process of a solver whose log tells of an iteration.
fn solver(folder: &Path) -> Option<Process> {
    processes_in(folder).into_iter().find(|process| {
        let case = fs::read_link(format!("/proc/{}/cwd", process.pid)).unwrap_or_default();
        let log = fs::read_to_string(case.join("log.simpleFoam")).unwrap_or_default();
        process.name == "simpleFoam" && log.contains("Time = ")
    })
}
