use std::path::PathBuf;
use std::time::{Duration, Instant};

use embedded::Error;
use embedded::emulator::{Emulator, EmulatorSettings, Resources};
use objects::Objects;
use queue::Queue;
use tempfile::TempDir;

fn settings(data: &TempDir) -> EmulatorSettings {
    let program =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../.leito/emulator/bin/ministack");
    EmulatorSettings {
        program,
        data: data.path().to_owned(),
        keep: true,
        port: None,
        env: Vec::new(),
    }
}

fn port_of(endpoint_url: &str) -> u16 {
    endpoint_url.rsplit(':').next().unwrap().parse().unwrap()
}

fn answers(port: u16) -> bool {
    std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
}

#[tokio::test]
async fn messages_and_objects_survive_a_clean_restart() {
    let data = TempDir::new().unwrap();
    let emulator = Emulator::start(&settings(&data)).await.unwrap();
    let (queues, bucket) = Resources::default()
        .ensure(emulator.endpoint_url())
        .await
        .unwrap();
    let queue = Queue::connect(&queues).await;
    queue.send(&queues.flow, &"kept").await.unwrap();
    Objects::connect(&bucket)
        .await
        .put_bytes("a/b", b"kept too".to_vec())
        .await
        .unwrap();
    emulator.stop().await.unwrap();

    let emulator = Emulator::start(&settings(&data)).await.unwrap();
    let (queues, bucket) = Resources::default()
        .ensure(emulator.endpoint_url())
        .await
        .unwrap();
    let queue = Queue::connect(&queues).await;
    let received = queue.receive(&queues.flow, 10, 1, 30).await.unwrap();
    assert_eq!(received[0].body, "\"kept\"");
    let head = Objects::connect(&bucket)
        .await
        .head("a/b")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(head.bytes, 8);
    emulator.stop().await.unwrap();
}

#[tokio::test]
async fn a_dropped_emulator_ends() {
    let data = TempDir::new().unwrap();
    let emulator = Emulator::start(&settings(&data)).await.unwrap();
    let port = port_of(emulator.endpoint_url());
    assert!(answers(port));
    drop(emulator);
    let deadline = Instant::now() + Duration::from_secs(15);
    while answers(port) {
        assert!(Instant::now() < deadline, "the emulator outlived its owner");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_second_emulator_on_a_taken_port_is_refused() {
    let (data, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let emulator = Emulator::start(&settings(&data)).await.unwrap();
    let taken = EmulatorSettings {
        port: Some(port_of(emulator.endpoint_url())),
        ..settings(&other)
    };
    let refused = Emulator::start(&taken).await.unwrap_err();
    assert!(matches!(refused, Error::Ended { .. }), "{refused}");
    emulator.stop().await.unwrap();
}

#[tokio::test]
async fn a_missing_emulator_is_named() {
    let data = TempDir::new().unwrap();
    let absent = EmulatorSettings {
        program: "/nowhere/ministack".into(),
        ..settings(&data)
    };
    let refused = Emulator::start(&absent).await.unwrap_err();
    assert!(
        refused.to_string().contains("/nowhere/ministack"),
        "{refused}"
    );
}
