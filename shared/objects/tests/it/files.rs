use std::fs;

use objects::{Error, Objects, Settings};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use testkit::Cloud;

/// Bytes that differ from part to part.
fn content(length: usize) -> Vec<u8> {
    (0..length)
        .map(|index| u8::try_from(index / 1000 % 251).unwrap())
        .collect()
}

#[tokio::test]
async fn a_file_comes_back_as_it_went() {
    let (cloud, dir) = (Cloud::new().await, TempDir::new().unwrap());
    let (from, to) = (dir.path().join("from.csv"), dir.path().join("to.csv"));
    fs::write(&from, "x,y\n1,2\n").unwrap();
    let put = cloud.objects.put_file("a/from.csv", &from).await.unwrap();
    let got = cloud
        .objects
        .get_to_file("a/from.csv", &to, Some(&put.sha256))
        .await
        .unwrap();
    assert_eq!(
        (put.bytes, put.sha256.as_str()),
        (8, hex::encode(Sha256::digest("x,y\n1,2\n")).as_str())
    );
    assert_eq!(put, got);
    assert_eq!(fs::read(to).unwrap(), b"x,y\n1,2\n");
    let head = cloud.objects.head("a/from.csv").await.unwrap().unwrap();
    assert_eq!(
        (head.bytes, head.content_type.as_deref()),
        (8, Some("text/csv"))
    );
}

#[tokio::test]
async fn a_large_file_goes_in_parts_and_comes_back_whole() {
    let (cloud, dir) = (Cloud::new().await, TempDir::new().unwrap());
    let objects = Objects::connect(&Settings {
        part_bytes: 1,
        ..cloud.object_settings.clone()
    })
    .await;
    let (from, to) = (dir.path().join("from.bin"), dir.path().join("to.bin"));
    // the smallest part is 5 MiB: four full ones and a rest
    let bytes = content(23 * 1024 * 1024);
    fs::write(&from, &bytes).unwrap();
    let put = objects.put_file("large", &from).await.unwrap();
    assert_eq!(put.sha256, hex::encode(Sha256::digest(&bytes)));
    objects
        .get_to_file("large", &to, Some(&put.sha256))
        .await
        .unwrap();
    assert!(
        fs::read(to).unwrap() == bytes,
        "the content changed on its way"
    );
    let etag = objects.head("large").await.unwrap().unwrap().etag.unwrap();
    assert!(etag.ends_with("-5\""), "five parts: {etag}");
}

#[tokio::test]
async fn an_empty_file_is_a_file() {
    let (cloud, dir) = (Cloud::new().await, TempDir::new().unwrap());
    let path = dir.path().join("empty");
    fs::write(&path, "").unwrap();
    let put = cloud.objects.put_file("empty", &path).await.unwrap();
    assert_eq!(put.bytes, 0);
    assert_eq!(cloud.objects.head("empty").await.unwrap().unwrap().bytes, 0);
}

#[tokio::test]
async fn a_damaged_object_never_becomes_a_file() {
    let (cloud, dir) = (Cloud::new().await, TempDir::new().unwrap());
    let path = dir.path().join("file");
    cloud
        .objects
        .put_bytes("damaged", b"other".to_vec())
        .await
        .unwrap();
    let expected = hex::encode(Sha256::digest("this"));
    let error = cloud
        .objects
        .get_to_file("damaged", &path, Some(&expected))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Corrupt { .. }), "{error}");
    assert_eq!(
        fs::read_dir(dir.path()).unwrap().count(),
        0,
        "nothing is left behind"
    );
}

#[tokio::test]
async fn an_absent_object_is_told_apart_from_other_failures() {
    let (cloud, dir) = (Cloud::new().await, TempDir::new().unwrap());
    let path = dir.path().join("file");
    let error = cloud
        .objects
        .get_to_file("absent", &path, None)
        .await
        .unwrap_err();
    assert!(error.is_missing(), "{error}");
    assert_eq!(cloud.objects.head("absent").await.unwrap(), None);
    let absent_file = cloud.objects.put_file("a", &path).await.unwrap_err();
    assert!(matches!(absent_file, Error::File { .. }), "{absent_file}");
}
