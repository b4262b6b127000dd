use std::time::Duration;

use objects::{Hashing, Objects, Settings};
use sha2::{Digest, Sha256};
use testkit::Cloud;

const PART: usize = 5 * 1024 * 1024;
const MINUTE: Duration = Duration::from_mins(1);

/// Sends a part as somebody without credentials would.
async fn send(url: &str, content: Vec<u8>) {
    let answer = reqwest::Client::new()
        .put(url)
        .body(content)
        .send()
        .await
        .unwrap();
    assert!(answer.status().is_success(), "{answer:?}");
}

#[tokio::test]
async fn parts_sent_to_signed_addresses_become_one_object() {
    let objects = Cloud::new().await.objects;
    let id = objects.begin_parts("whole", "text/csv").await.unwrap();
    assert_eq!(
        objects.list_parts("whole", &id).await.unwrap(),
        Some(vec![])
    );
    let (first, second) = (vec![1; PART], vec![2; 10]);
    for (number, content) in [(2, &second), (1, &first)] {
        let bytes = content.len() as u64;
        let url = objects
            .presign_part("whole", &id, number, bytes, MINUTE)
            .await
            .unwrap();
        assert!(!url.contains("checksum"), "of an empty part: {url}");
        assert!(
            url.contains("content-length"),
            "the size is not signed: {url}"
        );
        send(&url, content.clone()).await;
    }
    let parts = objects.list_parts("whole", &id).await.unwrap().unwrap();
    let listed: Vec<_> = parts.iter().map(|part| (part.number, part.bytes)).collect();
    assert_eq!(listed, [(1, PART as u64), (2, 10)]);
    objects.join_parts("whole", &id, &parts).await.unwrap();
    let mut hashing = Hashing::default();
    let half = PART as u64 / 2;
    for hashed in [half, 2 * half, PART as u64 + 10] {
        objects.hash_on("whole", &mut hashing, half).await.unwrap();
        assert_eq!(hashing.bytes(), hashed);
        hashing = Hashing::resume(hashed, &hashing.state()).unwrap();
    }
    let beyond = objects.hash_on("whole", &mut hashing, half).await;
    assert!(beyond.is_err() && hashing.bytes() == PART as u64 + 10);
    assert_eq!(
        hashing.sha256(),
        hex::encode(Sha256::digest([first, second].concat()))
    );
    assert_eq!(objects.beginning("whole").await.unwrap(), vec![1; 4096]);
    let head = objects.head("whole").await.unwrap().unwrap();
    assert_eq!(head.content_type.as_deref(), Some("text/csv"));
    assert_eq!(objects.list_parts("whole", &id).await.unwrap(), None);
}

#[tokio::test]
async fn a_dropped_upload_leaves_nothing_and_may_be_dropped_again() {
    let objects = Cloud::new().await.objects;
    let id = objects.begin_parts("dropped", "text/csv").await.unwrap();
    let url = objects
        .presign_part("dropped", &id, 1, 3, MINUTE)
        .await
        .unwrap();
    send(&url, vec![1, 2, 3]).await;
    objects.drop_parts("dropped", &id).await.unwrap();
    objects.drop_parts("dropped", &id).await.unwrap();
    assert_eq!(objects.list_parts("dropped", &id).await.unwrap(), None);
    assert_eq!(objects.head("dropped").await.unwrap(), None);
}

#[tokio::test]
async fn a_stream_is_stored_in_parts_and_a_broken_one_is_not() {
    let cloud = Cloud::new().await;
    let settings = Settings {
        part_bytes: 1,
        ..cloud.object_settings.clone()
    };
    let objects = Objects::connect(&settings).await;
    let content = vec![3; 2 * PART + 1];
    let stored = objects
        .put_stream(
            "stream",
            "application/zip",
            content.len() as u64,
            content.as_slice(),
        )
        .await
        .unwrap();
    assert_eq!(stored.sha256, hex::encode(Sha256::digest(&content)));
    let head = objects.head("stream").await.unwrap().unwrap();
    assert_eq!(
        (head.bytes, head.content_type.as_deref()),
        (stored.bytes, Some("application/zip"))
    );
    let broken = broken_reader();
    let error = objects
        .put_stream("broken", "application/zip", u64::MAX / 2, broken)
        .await;
    assert!(error.is_err());
    assert_eq!(objects.head("broken").await.unwrap(), None);
}

/// A reader whose other end goes away with an error after a part and a bit.
fn broken_reader() -> impl tokio::io::AsyncRead + Unpin {
    use tokio::io::AsyncReadExt;
    struct Broken;
    impl tokio::io::AsyncRead for Broken {
        fn poll_read(
            self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
            _: &mut tokio::io::ReadBuf<'_>,
        ) -> std::task::Poll<std::io::Result<()>> {
            std::task::Poll::Ready(Err(std::io::Error::other("broken")))
        }
    }
    tokio::io::repeat(4).take(PART as u64 + 7).chain(Broken)
}
