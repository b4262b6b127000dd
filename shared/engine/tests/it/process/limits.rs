use engine::EngineError;
use engine::process::Command;
use testkit::SmallDisk;
use tokio_util::sync::CancellationToken;

use super::{limits, shell};

async fn failure(command: Command) -> EngineError {
    command
        .run(&CancellationToken::new(), |_| ())
        .await
        .unwrap_err()
}

#[tokio::test]
async fn a_program_that_meets_a_full_disk_fails_as_such() {
    let dir = tempfile::tempdir().unwrap();
    let error = failure(shell(dir.path(), "cat /proc/cpuinfo > /dev/full")).await;
    assert!(matches!(error, EngineError::DiskFull { .. }), "{error:?}");
}

#[tokio::test]
async fn a_log_that_meets_a_full_disk_ends_the_run() {
    let dir = tempfile::tempdir().unwrap();
    let Some(small) = SmallDisk::mount(dir.path(), "64k") else {
        // only root may mount; the test above still covers the program's own report
        return;
    };
    let error = failure(shell(
        small.path(),
        "while :; do echo filling the disk; done",
    ))
    .await;
    assert!(matches!(error, EngineError::DiskFull { .. }), "{error:?}");
}

#[tokio::test]
async fn a_file_beyond_its_limit_counts_as_a_full_disk() {
    let dir = tempfile::tempdir().unwrap();
    let command =
        Command::new("dd", "dd", dir.path()).args(["if=/dev/zero", "of=big", "bs=1M", "count=10"]);
    let error = failure(command.limits(limits(|limits| limits.file_bytes = 1_000_000))).await;
    assert!(matches!(error, EngineError::DiskFull { .. }), "{error:?}");
}

#[tokio::test]
async fn an_allocation_beyond_the_limit_is_told_as_lack_of_memory() {
    let dir = tempfile::tempdir().unwrap();
    let command = Command::new("python", "python3", dir.path()).args(["-c", "bytearray(10**9)"]);
    let error = failure(command.limits(limits(|limits| {
        limits.address_space_bytes = Some(300_000_000);
    })))
    .await;
    assert!(
        matches!(error, EngineError::OutOfMemory { .. }),
        "{error:?}"
    );
    assert!(error.last_words().unwrap().contains("MemoryError"));
}

#[tokio::test]
async fn the_memory_of_all_processes_counts() {
    let dir = tempfile::tempdir().unwrap();
    // each holds 100 MB until it is told to end, which is after the runner had time to look
    let hold = "import time; held = bytearray(10**8); time.sleep(0.6)";
    let command = shell(
        dir.path(),
        &format!("python3 -c '{hold}' & python3 -c '{hold}'; wait"),
    );
    let outcome = command
        .run(&CancellationToken::new(), |_| ())
        .await
        .unwrap();
    assert!(
        (200.0..300.0).contains(&outcome.peak_memory_mb),
        "{outcome:?}"
    );
}
