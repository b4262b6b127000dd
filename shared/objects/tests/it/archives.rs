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
        unpacked_bytes: None,
        modified: "2026-11-22T15:04:06Z".parse().unwrap(),
    }
}

/// The same, stored compressed.
async fn put_packed(cloud: &Cloud, name: &str, content: &[u8]) -> Entry {
    let folder = tempfile::tempdir().unwrap();
    let (plain, packed) = (folder.path().join("plain"), folder.path().join("packed"));
    std::fs::write(&plain, content).unwrap();
    let unpacked = objects::gzip::compress(&plain, &packed).await.unwrap();
    let entry = put(cloud, name, std::fs::read(packed).unwrap()).await;
    Entry {
        unpacked_bytes: Some(unpacked.bytes),
        ..entry
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
async fn of_what_is_stored_compressed_an_archive_takes_over_the_data_and_gives_the_content() {
    let cloud = Cloud::new().await;
    let text = "0.1,0.2\n".repeat(300_000);
    let entries = vec![
        put_packed(&cloud, "long.csv", text.as_bytes()).await,
        put(&cloud, "plain.csv", b"x".to_vec()).await,
        put_packed(&cloud, "empty.csv", b"").await,
    ];
    let archive = Archive { entries };
    let zip = written(&cloud, &archive).await;
    assert_eq!(zip.len() as u64, archive.bytes());
    assert!(zip.len() < text.len() / 20, "{}", zip.len());
    let script = "for i in z.infolist(): print(i.filename, i.compress_type, i.file_size)\n\
        print(z.read('long.csv') == b'0.1,0.2\\n' * 300000, z.read('empty.csv'))";
    assert_eq!(
        read(&zip, script),
        "long.csv 8 2400000\nplain.csv 0 1\nempty.csv 8 0\nTrue b''\n"
    );
}

#[tokio::test]
async fn what_is_not_compressed_as_recorded_ends_the_archive() {
    let cloud = Cloud::new().await;
    let good = put_packed(&cloud, "a.csv", b"x,y\n1,2\n").await;
    let plain = put(&cloud, "b.csv", vec![b'x'; 100]).await;
    let short = put(&cloud, "c.csv", b"x".to_vec()).await;
    let recorded = |entry: &Entry, unpacked_bytes| Entry {
        unpacked_bytes: Some(unpacked_bytes),
        ..entry.clone()
    };
    for wrong in [
        recorded(&good, 9),
        recorded(&plain, 100),
        recorded(&short, 1),
    ] {
        let archive = Archive {
            entries: vec![wrong],
        };
        let ended = cloud.objects.write_archive(&archive, &mut Vec::new()).await;
        assert!(matches!(ended, Err(Error::Refused { .. })), "{ended:?}");
    }
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
