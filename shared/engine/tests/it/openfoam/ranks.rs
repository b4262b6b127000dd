//! Solvers as MPI ranks, ended from outside: all go, and the run says what happened.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use bed::Bed;
use engine::openfoam::exact::{VELOCITY_M_S, creeping_water, empty_tube};
use engine::openfoam::{Mesh, mesh_setup, solve};
use engine::{Context, EngineError};
use testkit::{Process, processes_in};
use tokio::process::Command;
use tokio::time::{interval, timeout};

use super::settings;

/// Says to the helper below that its folder is meant for it.
const ORDER: &str = "solve-here";

/// A mesh of more than 20 000 cells, which is worth two ranks.
async fn mesh(context: &Context) -> Mesh {
    let mesh = mesh_setup(&empty_tube(settings(12.0, 0, 1.0)), context).await;
    let mesh = mesh.unwrap();
    assert!(mesh.cells >= 20_000, "{} cells", mesh.cells);
    mesh
}

/// Water that is never calm enough.
fn endless() -> Bed {
    let mut bed = creeping_water();
    bed.flow.convergence = 1e-30;
    bed.flow.max_iterations = 1_000_000;
    bed
}

/// The two ranks, once they iterate.
async fn ranks(folder: &Path) -> Vec<Process> {
    let log = folder.join("case/log.simpleFoam");
    let found = || {
        let solvers = |process: &Process| process.name == "simpleFoam";
        let ranks: Vec<Process> = processes_in(folder).into_iter().filter(solvers).collect();
        let iterate = fs::read_to_string(&log).is_ok_and(|log| log.contains("Time = "));
        (ranks.len() == 2 && iterate).then_some(ranks)
    };
    until("two ranks iterate", found).await
}

async fn until<T>(what: &str, look: impl Fn() -> Option<T>) -> T {
    let looking = async {
        let mut looks = interval(Duration::from_millis(20));
        loop {
            looks.tick().await;
            if let Some(found) = look() {
                return found;
            }
        }
    };
    let found = timeout(Duration::from_mins(3), looking).await;
    found.unwrap_or_else(|_| panic!("waited in vain until {what}"))
}

#[tokio::test]
async fn a_signal_that_ends_one_rank_ends_the_others_and_is_told_as_what_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let context = Context::new(dir.path(), 2);
    let mesh = mesh(&context).await;
    for (signal, code) in [("KILL", "killed"), ("FPE", "diverged")] {
        let bed = endless();
        let solving = solve(&bed, &mesh, VELOCITY_M_S, &context);
        let killing = async { ranks(dir.path()).await[1].signal(signal) };
        let (solved, ()) = tokio::join!(solving, killing);
        let error: EngineError = solved.unwrap_err();
        assert_eq!(error.code(), code, "{error} {:?}", error.last_words());
        assert_eq!(processes_in(dir.path()), []);
        fs::remove_file(dir.path().join("case/log.simpleFoam")).unwrap();
    }
}

/// Solves for ever, as two ranks, in its working directory.
#[tokio::test]
#[ignore = "a helper of the next test, not a test"]
async fn solver_to_be_killed() {
    let here = std::env::current_dir().unwrap();
    if here.join(ORDER).exists() {
        let context = Context::new(&here, 2);
        let mesh = mesh(&context).await;
        let solved = solve(&endless(), &mesh, VELOCITY_M_S, &context).await;
        panic!("it should not end: {solved:?}");
    }
}

#[tokio::test]
async fn no_rank_outlives_the_killed_process_that_started_mpirun() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(ORDER), "").unwrap();
    let mut parent = Command::new(std::env::current_exe().unwrap())
        .args([
            "--ignored",
            "--exact",
            "openfoam::ranks::solver_to_be_killed",
        ])
        .current_dir(dir.path())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    ranks(dir.path()).await;
    parent.kill().await.unwrap();
    until("every rank has died", || {
        processes_in(dir.path()).is_empty().then_some(())
    })
    .await;
}
