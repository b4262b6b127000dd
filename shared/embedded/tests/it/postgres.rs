use std::path::Path;
use std::time::{Duration, Instant};

use embedded::postgres::{Postgres, PostgresSettings, shared};

fn settings(folder: &Path) -> PostgresSettings {
    PostgresSettings {
        data: folder.join("data"),
    }
}

async fn connect(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    client
}

fn server_pid(folder: &Path) -> Option<i32> {
    let status = std::fs::read_to_string(folder.join("data/postgres/postmaster.pid")).ok()?;
    status.lines().next()?.parse().ok()
}

fn is_alive(pid: i32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

async fn until(what: &str, condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "{what} did not happen"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn what_was_stored_is_there_after_a_restart_at_the_same_address() {
    let folder = tempfile::tempdir().unwrap();
    let first = Postgres::start(&settings(folder.path())).await.unwrap();
    let url = first.url().to_owned();
    connect(&url)
        .await
        .batch_execute("CREATE TABLE kept (n int)")
        .await
        .unwrap();
    first.stop().await.unwrap();

    let started = Instant::now();
    let second = Postgres::start(&settings(folder.path())).await.unwrap();
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "{:?}",
        started.elapsed()
    );
    assert_eq!(second.url(), url);
    connect(&url)
        .await
        .query("SELECT n FROM kept", &[])
        .await
        .unwrap();
    second.stop().await.unwrap();
}

#[tokio::test]
async fn a_crash_of_the_server_is_recovered_from() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = Postgres::start(&settings(folder.path())).await.unwrap();
    connect(first.url())
        .await
        .batch_execute("CREATE TABLE kept (n int)")
        .await
        .unwrap();
    let pid = server_pid(folder.path()).unwrap();
    std::process::Command::new("kill")
        .args(["-KILL", &pid.to_string()])
        .status()
        .unwrap();
    until("the guard's end", || !is_alive(pid)).await;
    while first.is_running() {
        tokio::task::yield_now().await;
    }

    let second = Postgres::start(&settings(folder.path())).await.unwrap();
    connect(second.url())
        .await
        .query("SELECT n FROM kept", &[])
        .await
        .unwrap();
    second.stop().await.unwrap();
}

#[tokio::test]
async fn the_server_ends_when_its_owner_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let server = Postgres::start(&settings(folder.path())).await.unwrap();
    let pid = server_pid(folder.path()).unwrap();
    drop(server);
    until("the server's end", || !is_alive(pid)).await;
}

#[tokio::test]
async fn the_server_ends_when_its_guard_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let _server = Postgres::start(&settings(folder.path())).await.unwrap();
    let pid = server_pid(folder.path()).unwrap();
    let guard = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let guard = guard
        .rsplit(") ")
        .next()
        .unwrap()
        .split(' ')
        .nth(1)
        .unwrap()
        .to_owned();
    std::process::Command::new("kill")
        .args(["-KILL", &guard])
        .status()
        .unwrap();
    until("the server's end", || !is_alive(pid)).await;
}

#[tokio::test]
async fn over_tcp_only_the_password_lets_in() {
    let folder = tempfile::tempdir().unwrap();
    let server = Postgres::start(&settings(folder.path())).await.unwrap();
    connect(server.tcp_url()).await;
    let (user, rest) = server.tcp_url().split_once('@').unwrap();
    let wrong = format!(
        "{}x@{rest}",
        user.rsplit_once(':').unwrap().0.to_owned() + ":"
    );
    let refused = tokio_postgres::connect(&wrong, tokio_postgres::NoTls)
        .await
        .err()
        .unwrap();
    assert_eq!(
        refused.code(),
        Some(&tokio_postgres::error::SqlState::INVALID_PASSWORD)
    );
    server.stop().await.unwrap();
}

#[tokio::test]
async fn the_server_is_never_run_by_root() {
    let folder = tempfile::tempdir().unwrap();
    let server = Postgres::start(&settings(folder.path())).await.unwrap();
    let status = std::fs::read_to_string(format!(
        "/proc/{}/status",
        server_pid(folder.path()).unwrap()
    ))
    .unwrap();
    let uids = status
        .lines()
        .find(|line| line.starts_with("Uid:"))
        .unwrap();
    assert!(
        uids.split_whitespace().skip(1).all(|uid| uid != "0"),
        "{uids}"
    );
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_folder_below_a_private_home_works() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    let server = Postgres::start(&PostgresSettings {
        data: folder.path().join("with space/data"),
    })
    .await
    .unwrap();
    connect(server.url()).await;
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_folder_too_long_for_a_socket_is_refused_before_anything_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let long = PostgresSettings {
        data: folder.path().join("x".repeat(90)),
    };
    let error = Postgres::start(&long).await.err().unwrap().to_string();
    assert!(error.contains("too long for a socket"), "{error}");
}

#[tokio::test]
async fn the_shared_server_is_one_and_ends_after_its_last_user() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (first, second) = tokio::join!(shared(&data), async { shared(&data).await });
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_eq!(first.url(), second.url());
    connect(first.url()).await;
    let pid = server_pid(folder.path()).unwrap();
    drop(first);
    connect(second.url()).await;
    drop(second);
    until("the shared server's end", || !is_alive(pid)).await;
}
