use std::time::Duration;

use engine::EngineError;
use engine::process::Command;
use tokio_util::sync::CancellationToken;

use super::{limits, shell};

#[tokio::test]
async fn a_missing_program_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let command = Command::new("nothing", "no-such-program", dir.path());
    let error = command
        .run(&CancellationToken::new(), |_| ())
        .await
        .unwrap_err();
    assert!(
        matches!(&error, EngineError::NotInstalled { program } if program == "no-such-program"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_failure_carries_the_code_and_the_last_twenty_lines() {
    let dir = tempfile::tempdir().unwrap();
    let command = shell(dir.path(), "seq 1 30; exit 7");
    let error = command
        .run(&CancellationToken::new(), |_| ())
        .await
        .unwrap_err();
    assert!(
        matches!(error, EngineError::Exited { code: 7, .. }),
        "{error:?}"
    );
    let expected: Vec<String> = (11..=30).map(|number| number.to_string()).collect();
    assert_eq!(error.last_words().unwrap(), expected.join("\n"));
}

#[tokio::test]
async fn a_signal_from_elsewhere_is_told_by_its_number() {
    let dir = tempfile::tempdir().unwrap();
    for (name, number) in [("SEGV", 11), ("KILL", 9)] {
        let command = shell(dir.path(), &format!("kill -{name} $$"));
        let error = command
            .run(&CancellationToken::new(), |_| ())
            .await
            .unwrap_err();
        assert!(
            matches!(error, EngineError::Killed { signal, .. } if signal == number),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn a_run_beyond_its_time_is_ended() {
    let dir = tempfile::tempdir().unwrap();
    let script = "while :; do echo busy; sleep 0.05; done";
    let command = shell(dir.path(), script)
        .limits(limits(|limits| limits.total = Duration::from_millis(300)));
    let error = command
        .run(&CancellationToken::new(), |_| ())
        .await
        .unwrap_err();
    assert!(matches!(error, EngineError::TimedOut { .. }), "{error:?}");
    assert!(error.last_words().unwrap().contains("busy"));
}

#[tokio::test]
async fn a_run_that_falls_silent_is_ended() {
    let dir = tempfile::tempdir().unwrap();
    let command = shell(dir.path(), "echo working; sleep 60");
    let command = command.limits(limits(|limits| limits.silence = Duration::from_millis(300)));
    let error = command
        .run(&CancellationToken::new(), |_| ())
        .await
        .unwrap_err();
    assert!(matches!(error, EngineError::Silent { .. }), "{error:?}");
    assert_eq!(error.last_words(), Some("working"));
}

#[tokio::test]
async fn whoever_is_cancelled_may_tidy_up_first() {
    let dir = tempfile::tempdir().unwrap();
    let cancel = CancellationToken::new();
    let script = "trap 'echo tidied > tidy; exit 0' TERM; echo ready; while :; do sleep 0.02; done";
    let command =
        shell(dir.path(), script).limits(limits(|limits| limits.grace = Duration::from_secs(20)));
    let error = command.run(&cancel, |_| cancel.cancel()).await.unwrap_err();
    assert!(matches!(error, EngineError::Cancelled), "{error:?}");
    assert_eq!(
        std::fs::read_to_string(dir.path().join("tidy")).unwrap(),
        "tidied\n"
    );
}

#[tokio::test]
async fn a_cancelled_context_starts_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let cancel = CancellationToken::new();
    cancel.cancel();
    let error = shell(dir.path(), "touch started")
        .run(&cancel, |_| ())
        .await
        .unwrap_err();
    assert!(matches!(error, EngineError::Cancelled), "{error:?}");
    assert!(!dir.path().join("started").exists());
}
