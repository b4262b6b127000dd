use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use job::{EventKind, Status};
use tokio::time::{interval, timeout};

use crate::world::World;

#[tokio::test]
async fn a_study_after_a_crash_goes_on_behind_its_last_finished_stage() {
    let world = World::packed().await;
    let first = world.flow_job(&[0.001]).await;
    world.work_off(first.id).await;

    let crashing = world.flow_job(&[0.001, 0.002]).await;
    let (failed, ()) = tokio::join!(
        world.work_off(crashing.id),
        kill_solver(world.folder.path())
    );
    assert_eq!((failed.status, failed.attempt), (Status::Queued, 1));
    let failure = failed.error.unwrap();
    assert_eq!(failure.code, "killed");
    let last_words = failure.last_words.unwrap();
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

/// Kills the solver that works below `folder` as soon as it iterates.
async fn kill_solver(folder: &Path) {
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
    let killed = Command::new("kill").args(["-s", "KILL", &process]).status();
    assert!(killed.unwrap().success());
}

/// The process of a solver whose log tells of an iteration.
fn solver(folder: &Path) -> Option<String> {
    let mut processes = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let found = processes.find(|process| {
        let name = fs::read_to_string(process.path().join("comm")).unwrap_or_default();
        let case = fs::read_link(process.path().join("cwd")).unwrap_or_default();
        let log = fs::read_to_string(case.join("log.simpleFoam")).unwrap_or_default();
        name.trim() == "simpleFoam" && case.starts_with(folder) && log.contains("Time = ")
    });
    found?.file_name().into_string().ok()
}
