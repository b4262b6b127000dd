use std::fs;
use std::path::{Path, PathBuf};

use objects::gzip::{compress, unpack};
use objects::{Error, Unpacked};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use testkit::Cloud;

/// Lines that repeat themselves, as those of tables and logs do.
fn table() -> String {
    let lines: Vec<_> = (0..200_000).map(|n| format!("{n},0.{n}\n")).collect();
    lines.concat()
}

/// The folder, the plain file and the compressed one, and what that unpacks to.
async fn compressed(content: &str) -> (TempDir, PathBuf, PathBuf, Unpacked) {
    let dir = TempDir::new().unwrap();
    let (plain, packed) = (dir.path().join("a.csv"), dir.path().join("a.csv.gz"));
    fs::write(&plain, content).unwrap();
    let unpacked = compress(&plain, &packed).await.unwrap();
    (dir, plain, packed, unpacked)
}

fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_compressed_file_is_smaller_and_unpacks_to_what_it_was() {
    let content = table();
    let (dir, _, packed, unpacked) = compressed(&content).await;
    assert_eq!(unpacked.bytes, content.len() as u64);
    assert_eq!(unpacked.sha256, hex::encode(Sha256::digest(&content)));
    assert!(fs::metadata(&packed).unwrap().len() < unpacked.bytes / 2);
    let back = dir.path().join("back");
    unpack(&packed, &back, &unpacked).await.unwrap();
    assert!(fs::read_to_string(back).unwrap() == content);
    let gunzip = std::process::Command::new("gunzip")
        .args(["-kc"])
        .arg(&packed)
        .output();
    assert!(gunzip.unwrap().stdout == content.as_bytes());
}

#[tokio::test]
async fn the_same_content_gives_the_same_bytes_under_any_name_at_any_time() {
    let (dir, plain, packed, _) = compressed("x,y\n1,2\n").await;
    let (other, again) = (dir.path().join("b.csv"), dir.path().join("b.gz"));
    fs::rename(plain, &other).unwrap();
    compress(&other, &again).await.unwrap();
    let bytes = fs::read(packed).unwrap();
    assert_eq!(fs::read(again).unwrap(), bytes);
    assert_eq!(
        bytes[..8],
        [0x1f, 0x8b, 8, 0, 0, 0, 0, 0],
        "neither name nor time"
    );
}

#[tokio::test]
async fn what_is_not_what_was_expected_leaves_no_file() {
    let (dir, _, packed, good) = compressed("x,y\n1,2\n").await;
    let longer = Unpacked {
        bytes: 9,
        ..good.clone()
    };
    let shorter = Unpacked {
        bytes: 7,
        ..good.clone()
    };
    let other = Unpacked {
        sha256: "a".repeat(64),
        ..good.clone()
    };
    let to = dir.path().join("to");
    for wrong in [longer, shorter, other] {
        let refused = unpack(&packed, &to, &wrong).await;
        assert!(matches!(refused, Err(Error::Corrupt { .. })), "{refused:?}");
    }
    let mut damaged = fs::read(&packed).unwrap();
    damaged.truncate(12);
    fs::write(&packed, damaged).unwrap();
    assert!(unpack(&packed, &to, &good).await.is_err());
    assert_eq!(names(dir.path()), ["a.csv", "a.csv.gz"]);
}

#[tokio::test]
async fn a_compressed_object_is_fetched_as_what_it_holds() {
    let cloud = Cloud::new().await;
    let (dir, _, packed, unpacked) = compressed("x,y\n1,2\n").await;
    let put = cloud.objects.put_file("k/a.csv.gz", &packed).await.unwrap();
    let head = cloud.objects.head("k/a.csv.gz").await.unwrap().unwrap();
    assert_eq!(head.content_type.as_deref(), Some("application/gzip"));
    let to = dir.path().join("fetched.csv");
    let fetched = cloud
        .objects
        .get_unpacked(&put.key, &put.sha256, &to, &unpacked);
    fetched.await.unwrap();
    assert_eq!(fs::read(&to).unwrap(), b"x,y\n1,2\n");
    assert_eq!(names(dir.path()), ["a.csv", "a.csv.gz", "fetched.csv"]);
}

#[tokio::test]
async fn of_a_long_log_the_end_is_read() {
    let cloud = Cloud::new().await;
    let content = table();
    let (_dir, _, packed, _) = compressed(&content).await;
    cloud.objects.put_file("k/log.gz", &packed).await.unwrap();
    for most in [0, 1, 1000, content.len(), content.len() + 1] {
        let end = cloud.objects.end_of_unpacked("k/log.gz", most).await;
        let expected = &content.as_bytes()[content.len().saturating_sub(most)..];
        assert!(end.unwrap() == expected, "{most}");
    }
    cloud
        .objects
        .put_bytes("k/none", b"plain".to_vec())
        .await
        .unwrap();
    assert!(cloud.objects.end_of_unpacked("k/none", 10).await.is_err());
}
