use std::collections::BTreeSet;

use tokio_util::sync::CancellationToken;

use super::{limits, shell};
use engine::process::Command;

#[tokio::test]
async fn both_outputs_reach_the_listener_line_by_line_and_the_log() {
    let dir = tempfile::tempdir().unwrap();
    let mut lines = Vec::new();
    let command = shell(dir.path(), "echo one; echo two >&2; printf three");
    let outcome = command
        .run(&CancellationToken::new(), |line| {
            lines.push(line.to_owned());
        })
        .await
        .unwrap();
    assert_eq!(lines, ["one", "two", "three"]);
    let log = std::fs::read_to_string(dir.path().join("log.shell")).unwrap();
    assert_eq!(log, "one\ntwo\nthree");
    assert!(
        outcome.seconds > 0.0 && outcome.seconds < 5.0,
        "{outcome:?}"
    );
}

#[tokio::test]
async fn nothing_of_our_environment_reaches_the_child() {
    let dir = tempfile::tempdir().unwrap();
    let mut lines = Vec::new();
    let command = Command::new("env", "env", dir.path()).env("OMP_NUM_THREADS", "2");
    command
        .run(&CancellationToken::new(), |line| {
            lines.push(line.to_owned());
        })
        .await
        .unwrap();
    let names: BTreeSet<&str> = lines
        .iter()
        .filter_map(|line| line.split('=').next())
        .collect();
    let expected = [
        "HOME",
        "LANG",
        "LEITO_RUN",
        "OMP_NUM_THREADS",
        "PATH",
        "TMPDIR",
    ];
    assert_eq!(names, BTreeSet::from(expected), "{lines:?}");
    assert!(
        lines.contains(&format!("HOME={}", dir.path().display())),
        "{lines:?}"
    );
}

#[tokio::test]
async fn an_endless_line_is_cut_for_the_listener() {
    let dir = tempfile::tempdir().unwrap();
    let mut lengths = Vec::new();
    let command = shell(
        dir.path(),
        "head -c 100000 /dev/zero | tr '\\0' x; echo; echo next",
    );
    command
        .run(&CancellationToken::new(), |line| lengths.push(line.len()))
        .await
        .unwrap();
    assert_eq!(lengths, [4096, 4]);
    assert_eq!(
        std::fs::metadata(dir.path().join("log.shell"))
            .unwrap()
            .len(),
        100_006
    );
}

#[tokio::test]
async fn the_log_stops_growing_at_its_limit_and_the_listener_hears_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut heard = 0;
    let command = shell(dir.path(), "seq 1 20000").limits(limits(|limits| limits.log_bytes = 1000));
    command
        .run(&CancellationToken::new(), |_| heard += 1)
        .await
        .unwrap();
    assert_eq!(heard, 20_000);
    let log = std::fs::read_to_string(dir.path().join("log.shell")).unwrap();
    assert!(log.len() < 1100 && log.contains("cut here"), "{log}");
}

#[tokio::test]
async fn the_child_has_no_input_to_wait_for() {
    let dir = tempfile::tempdir().unwrap();
    shell(dir.path(), "cat")
        .run(&CancellationToken::new(), |_| ())
        .await
        .unwrap();
}
