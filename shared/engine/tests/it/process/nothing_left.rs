//! Whatever ends a run, no process of it lives on.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use engine::EngineError;
use tokio_util::sync::CancellationToken;

use super::{is_alive, limits, shell};

/// A shell with descendants that ignore TERM. Each writes its process id to a file; the shell says `ready` when all
/// have. `starters` puts them in a session of their own or takes their environment away.
fn stubborn(starters: &[&str]) -> String {
    let start = |(number, starter): (usize, &&str)| {
        format!(
            "{starter} /bin/sh -c \"$stubborn\" {number} &\nuntil [ -e pid.{number} ]; do sleep 0.02; done\n"
        )
    };
    let starts: String = starters.iter().enumerate().map(start).collect();
    format!("trap '' TERM\n{BODY}\necho $$ > pid.shell\n{starts}echo ready\n")
}

const BODY: &str = r#"stubborn='trap "" TERM; echo $$ > pid.$0.new; mv pid.$0.new pid.$0; while :; do sleep 1; done'"#;
/// What a living runner finds.
const ALL: &[&str] = &["", "setsid", "env -i"];
/// What is found by the environment alone, when the runner is gone.
const MARKED: &[&str] = &["", "setsid"];

fn alive(dir: &Path) -> Vec<u32> {
    let files = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let pid_files = files.filter(|path| path.to_string_lossy().contains("/pid."));
    let pids: Vec<u32> = pid_files
        .map(|path| {
            std::fs::read_to_string(path)
                .unwrap()
                .trim()
                .parse()
                .unwrap()
        })
        .collect();
    assert!(pids.len() > 2, "the shell did not start: {pids:?}");
    pids.into_iter().filter(|pid| is_alive(*pid)).collect()
}

#[tokio::test]
async fn a_cancelled_run_takes_stubborn_descendants_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let cancel = CancellationToken::new();
    let command = shell(dir.path(), &(stubborn(ALL) + "wait")).limits(limits(|_| ()));
    let error = command.run(&cancel, |_| cancel.cancel()).await.unwrap_err();
    assert!(matches!(error, EngineError::Cancelled), "{error:?}");
    assert_eq!(alive(dir.path()), Vec::<u32>::new());
}

#[tokio::test]
async fn a_finished_run_leaves_no_descendants_behind() {
    let dir = tempfile::tempdir().unwrap();
    shell(dir.path(), &stubborn(ALL))
        .run(&CancellationToken::new(), |_| ())
        .await
        .unwrap();
    assert_eq!(alive(dir.path()), Vec::<u32>::new());
}

#[tokio::test]
async fn a_dropped_run_ends_its_processes() {
    let dir = tempfile::tempdir().unwrap();
    let (ready, mut is_ready) = tokio::sync::mpsc::unbounded_channel();
    let (command, cancel) = (
        shell(dir.path(), &(stubborn(MARKED) + "wait")),
        CancellationToken::new(),
    );
    let run = command.run(&cancel, |_| ready.send(()).unwrap());
    tokio::select! {
        _ended = run => panic!("the shell should wait"),
        _ready = is_ready.recv() => (),
    }
    wait_until_none_lives(dir.path());
}

/// The part of a process that is killed with SIGKILL by the test below; it finds its folder as its working directory.
#[tokio::test]
#[ignore = "a helper of the next test, not a test"]
async fn parent_to_be_killed() {
    let command = shell(
        &std::env::current_dir().unwrap(),
        &(stubborn(MARKED) + "wait"),
    );
    command
        .run(&CancellationToken::new(), |line| {
            std::fs::write("ready", line).unwrap();
        })
        .await
        .unwrap();
}

#[test]
fn processes_of_a_killed_parent_die() {
    let dir = tempfile::tempdir().unwrap();
    let mut parent = std::process::Command::new(std::env::current_exe().unwrap())
        .args([
            "--ignored",
            "--exact",
            "process::nothing_left::parent_to_be_killed",
        ])
        .current_dir(dir.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    wait_until("the helper is ready", || dir.path().join("ready").exists());
    parent.kill().unwrap();
    parent.wait().unwrap();
    wait_until_none_lives(dir.path());
}

fn wait_until_none_lives(dir: &Path) {
    wait_until("all have died", || alive(dir).is_empty());
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "waited in vain until {what}"
        );
        std::thread::yield_now();
    }
}
