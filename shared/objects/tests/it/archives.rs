//! Archives as Python's `zipfile` reads them: it checks every checksum and the directory against the local headers.

use std::process::Command;

use objects::{Archive, Entry, Error};
use testkit::Cloud;
use tokio::io::AsyncReadExt;

async fn put(cloud: &Cloud, name: &str, content: Vec<u8>) -> Entry {
    let (key, bytes) = (format!("k/{name}"), content.len() as u64);
    cloud.objects.put_bytes(&key, content).await.unwrap();
    Entry {
        name: name.to_owned(),
        key,
        bytes,
        modified: "2026-11-22T15:04:06Z".parse().unwrap(),
    }
}

async fn written(cloud: &Cloud, archive: &Archive) -> Vec<u8> {
    let mut zip = Vec::new();
    cloud
        .objects
        .write_archive(archive, &mut zip)
        .await
        .unwrap();
    zip
}

/// What Python makes of the archive: a line for each entry.
fn read(zip: &[u8], script: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("it.zip"), zip).unwrap();
    let python = Command::new("python3")
        .arg("-c")
        .arg(format!(
            "import zipfile\nz = zipfile.ZipFile('it.zip')\nassert z.testzip() is None\n{script}"
        ))
        .current_dir(folder.path())
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&python.stderr);
    assert!(python.status.success(), "{errors}");
    String::from_utf8(python.stdout).unwrap()
}

#[tokio::test]
async fn an_archive_holds_its_files_with_their_names_times_and_contents() {
    let cloud = Cloud::new().await;
    let entries = vec![
        put(&cloud, "a.csv", b"x,y\n1,2\n".to_vec()).await,
        put(&cloud, "flow 1/ünïcode.txt", b"hello".to_vec()).await,
        put(&cloud, "empty", Vec::new()).await,
    ];
    let archive = Archive { entries };
    let zip = written(&cloud, &archive).await;
    assert_eq!(zip.len() as u64, archive.bytes());
    let script = "for i in z.infolist(): print(i.filename, i.date_time, oct(i.external_attr >> 16), z.read(i))";
    let time = "(2026, 11, 22, 15, 4, 6) 0o100644";
    assert_eq!(
        read(&zip, script),
        format!(
            "a.csv {time} b'x,y\\n1,2\\n'\nflow 1/ünïcode.txt {time} b'hello'\nempty {time} b''\n"
        )
    );
}

#[tokio::test]
async fn an_archive_without_files_is_one() {
    let cloud = Cloud::new().await;
    let zip = written(&cloud, &Archive::default()).await;
    assert_eq!(zip.len() as u64, Archive::default().bytes());
    assert_eq!(read(&zip, "print(z.namelist())"), "[]\n");
}

#[tokio::test]
async fn hundreds_of_files_are_all_there() {
    let cloud = Cloud::new().await;
    let one = put(&cloud, "one", b"content".to_vec()).await;
    let entry = |number| Entry {
        name: format!("folder/{number}.txt"),
        ..one.clone()
    };
    let archive = Archive {
        entries: (0..400).map(entry).collect(),
    };
    let zip = written(&cloud, &archive).await;
    let script = "print(len(z.namelist()), {z.read(n) for n in z.namelist()}, z.namelist()[399])";
    assert_eq!(read(&zip, script), "400 {b'content'} folder/399.txt\n");
}

#[tokio::test]
async fn an_archive_waits_for_its_reader_and_is_never_whole_in_memory() {
    const PIPE: usize = 64 * 1024;
    let cloud = Cloud::new().await;
    let one = put(&cloud, "one", vec![7; 4 * 1024 * 1024]).await;
    let entry = |number| Entry {
        name: format!("{number}"),
        ..one.clone()
    };
    let archive = Archive {
        entries: (0..50).map(entry).collect(),
    };
    let total = archive.bytes();
    assert!(total > 200 * 1024 * 1024);
    let (mut sink, mut pipe) = tokio::io::duplex(PIPE);
    let objects = cloud.objects.clone();
    let writing = tokio::spawn(async move {
        objects.write_archive(&archive, &mut sink).await.unwrap();
    });
    let (mut read, mut piece) = (0, vec![0; 1024 * 1024]);
    loop {
        let length = pipe.read(&mut piece).await.unwrap();
        if length == 0 {
            break;
        }
        // what was written beyond what was read fits into the pipe, or the writer would not be waiting
        assert!(length <= PIPE, "{length}");
        read += length as u64;
        assert!(!writing.is_finished() || read + (PIPE as u64) >= total);
    }
    writing.await.unwrap();
    assert_eq!(read, total);
}

#[tokio::test]
async fn a_file_that_is_missing_or_of_another_size_ends_the_archive() {
    let cloud = Cloud::new().await;
    let here = put(&cloud, "here", b"12345".to_vec()).await;
    let longer = Entry {
        bytes: 6,
        ..here.clone()
    };
    let missing = Entry {
        key: "absent".to_owned(),
        ..here
    };
    for (entry, is_missing) in [(longer, false), (missing, true)] {
        let archive = Archive {
            entries: vec![entry],
        };
        let error = cloud
            .objects
            .write_archive(&archive, &mut Vec::new())
            .await
            .unwrap_err();
        assert_eq!(error.is_missing(), is_missing, "{error}");
        assert!(
            is_missing || matches!(error, Error::Refused { .. }),
            "{error}"
        );
    }
}
