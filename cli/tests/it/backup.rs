use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;

use crate::leito::{Place, errors, signal};
use crate::study::up;

const SMALL: &str = include_str!("small.bed");

/// Runs a command with `--json` and reads what it prints.
fn asked(place: &Place, arguments: &[&str]) -> Value {
    let output = place.run(&[arguments, &["--json"]].concat());
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        errors(&output)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn stop(mut up: std::process::Child) {
    signal(&up, "TERM");
    assert!(up.wait().unwrap().success());
}

fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, std::fs::read(entry.path()).unwrap())
        })
        .collect()
}

#[test]
fn a_study_comes_back_from_a_backup_with_its_numbers_and_its_files() {
    let (place, fresh, backups) = (Place::new(), Place::new(), Place::new());
    place.write("small.bed", SMALL);
    fresh.write("small.bed", SMALL);
    let to = backups.path().to_str().unwrap();
    let (running, _) = up(&place);
    let study = asked(&place, &["run", "small.bed", "--out", "study"]);
    let jobs = asked(&place, &["job", "list"]);
    let backup = asked(&place, &["backup", to]);
    assert!(backup["objects"].as_u64().unwrap() > 3, "{backup}");
    assert_eq!(backup["lost_objects"], 0);
    a_bucket_holds_backups_too(&place, &backup);
    stop(running);

    let restored = asked(&fresh, &["restore", to]);
    assert_eq!(restored["objects"], backup["objects"]);
    assert_eq!(restored["name"], backup["name"]);
    let again = fresh.run(&["restore", to]);
    assert_eq!(again.status.code(), Some(2));
    assert!(errors(&again).contains("not empty"), "{}", errors(&again));

    let (running, _) = up(&fresh);
    assert_eq!(
        asked(&fresh, &["job", "list"])["jobs"][0]["id"],
        jobs["jobs"][0]["id"]
    );
    let same = asked(&fresh, &["run", "small.bed", "--out", "study"]);
    assert_eq!(
        same["simulation"]["results"],
        study["simulation"]["results"]
    );
    let (before, after) = (place.path().join("study"), fresh.path().join("study"));
    let (before, after) = (contents(&before), contents(&after));
    assert!(
        before.len() > 3 && before == after,
        "{:?} {:?}",
        before.keys(),
        after.keys()
    );
    stop(running);
}

/// Backs the running system up into a bucket, twice, and restores from there.
fn a_bucket_holds_backups_too(place: &Place, backup: &Value) {
    let run = std::fs::read(place.path().join("data/run.json")).unwrap();
    let run: Value = serde_json::from_slice(&run).unwrap();
    let bucket = |place: &Place, arguments: &[&str]| {
        let output = place
            .leito(arguments)
            .env("AWS_ENDPOINT_URL", run["endpoint_url"].as_str().unwrap())
            .envs(["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map(|name| (name, "test")))
            .env("AWS_REGION", "us-east-1")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", errors(&output));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    // its own bucket is as good as any for this
    let to = "s3://leito-artifacts/backups/leito";
    let first = bucket(place, &["backup", to, "--json"]);
    assert_eq!(first["objects"], backup["objects"]);
    let mut second = first.clone();
    while second["name"] == first["name"] {
        second = bucket(place, &["backup", to, "--keep", "1", "--json"]);
    }
    assert_eq!(second["removed_backups"], 1, "{second}");
    assert_eq!(second["removed_objects"], 0, "{second}");
    let fresh = Place::new();
    let restored = bucket(&fresh, &["restore", to, "--json"]);
    assert_eq!(
        (&restored["name"], &restored["objects"]),
        (&second["name"], &first["objects"])
    );
}

#[test]
fn a_damaged_backup_is_refused_and_leaves_the_system_empty() {
    let (place, fresh, backups) = (Place::new(), Place::new(), Place::new());
    let to = backups.path().to_str().unwrap();
    let name = asked(&place, &["backup", to])["name"].clone();
    let dump = backups
        .path()
        .join(name.as_str().unwrap())
        .join("database.dump");
    let mut bytes = std::fs::read(&dump).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&dump, bytes).unwrap();

    let refused = fresh.run(&["restore", to]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(errors(&refused).contains("damaged"), "{}", errors(&refused));
    std::fs::remove_dir_all(backups.path().join(name.as_str().unwrap())).unwrap();
    asked(&place, &["backup", to]);
    asked(&fresh, &["restore", to]);
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = contents_of(folder).collect();
    names.sort();
    names
}

fn contents_of(folder: &Path) -> impl Iterator<Item = String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap())
}

/// A backup that is named by another second than the one before.
fn another_backup(place: &Place, to: &str, more: &[&str]) -> Value {
    let before = names(Path::new(to));
    loop {
        let backup = asked(place, &[&["backup", to], more].concat());
        let name = backup["name"].as_str().unwrap().to_owned();
        if !before.contains(&name) {
            return backup;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_half_written_backup_is_refused_and_the_one_before_it_is_restored() {
    let (place, fresh, backups) = (Place::new(), Place::new(), Place::new());
    let to = backups.path().to_str().unwrap();
    let nothing = fresh.run(&["restore", to]);
    assert!(errors(&nothing).contains("no whole backup"), "{nothing:?}");
    let whole = another_backup(&place, to, &[])["name"].clone();
    let half = another_backup(&place, to, &[])["name"].clone();
    let folder = |name: &Value| backups.path().join(name.as_str().unwrap());
    // as if it had been killed before its last two steps
    std::fs::remove_file(folder(&half).join("manifest.json")).unwrap();
    std::fs::write(backups.path().join("latest"), whole.as_str().unwrap()).unwrap();
    let refused = fresh.run(&["restore", to, "--at", half.as_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(errors(&refused).contains("no whole backup"), "{refused:?}");
    assert_eq!(asked(&fresh, &["restore", to])["name"], whole);
}

#[test]
fn of_old_backups_the_newest_are_kept_and_nothing_that_they_need_goes() {
    let (place, backups) = (Place::new(), Place::new());
    let to = backups.path().to_str().unwrap();
    let first = another_backup(&place, to, &[])["name"].clone();
    // one that was never finished, a file of somebody else, an object that no backup needs
    std::fs::create_dir(backups.path().join("20010101T000000Z")).unwrap();
    std::fs::write(backups.path().join("20010101T000000Z/database.dump"), "x").unwrap();
    std::fs::write(backups.path().join("notes.txt"), "mine").unwrap();
    std::fs::create_dir_all(backups.path().join("objects/ab")).unwrap();
    std::fs::write(backups.path().join("objects/ab/abcd"), "x").unwrap();
    let second = another_backup(&place, to, &[])["name"].clone();
    let third = another_backup(&place, to, &["--keep", "2"]);
    assert_eq!(third["removed_backups"], 2, "{third}");
    assert_eq!(third["removed_objects"], 1, "{third}");
    let kept = names(backups.path());
    let expected = [&second, &third["name"]].map(|name| name.as_str().unwrap().to_owned());
    assert_eq!(
        kept,
        [
            &expected[..],
            &["latest", "notes.txt", "objects"].map(str::to_owned)
        ]
        .concat(),
        "{first} is gone"
    );
    let none = place.run(&["backup", to, "--keep", "0"]);
    assert_eq!(none.status.code(), Some(2));
}

#[test]
fn samples_are_stored_once_and_say_that_they_are() {
    let place = Place::new();
    let (running, _) = up(&place);
    let first = asked(&place, &["seed"]);
    assert_eq!(
        (&first["beds"], &first["metrics"]),
        (&4.into(), &720.into())
    );
    let second = asked(&place, &["seed"]);
    assert_eq!(
        (&second["beds"], &second["metrics"]),
        (&0.into(), &0.into())
    );

    let admin = asked(&place, &["admin", "Sample@leito.invalid"]);
    assert_eq!(admin["is_admin"], true);
    let nobody = place.run(&["admin", "nobody@leito.invalid"]);
    assert!(errors(&nobody).contains("nobody has an account"));

    let preview = asked(&place, &["cleanup", "--dry-run"]);
    assert_eq!(
        (&preview["objects"], &preview["bytes"]),
        (&0.into(), &0.into())
    );
    assert_eq!(asked(&place, &["cleanup"])["more"], false);
    assert!(asked(&place, &["stats", "refresh"])["hours"].is_u64());
    assert!(asked(&place, &["stats", "refresh", "--all"])["days"].is_u64());
    stop(running);
}

#[test]
fn a_running_system_backs_itself_up() {
    let (place, fresh, backups) = (Place::new(), Place::new(), Place::new());
    let to = backups.path().to_str().unwrap();
    let mut command = place.leito(&["up", "--listen", "127.0.0.1:0"]);
    let up = command
        .env("BACKUP_TO", to)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    while !backups.path().join("latest").exists() {
        std::thread::sleep(Duration::from_millis(50));
    }
    stop(up);
    assert_eq!(asked(&fresh, &["restore", to])["migrations_applied"], 0);
}

#[test]
fn contradictory_backup_settings_are_refused_before_anything_starts() {
    let place = Place::new();
    for (name, value) in [
        ("BACKUP_EVERY_H", "24"),
        ("BACKUP_KEEP", "7"),
        ("BACKUP_TO", "ftp://elsewhere"),
        ("BACKUP_TO", "s3://"),
    ] {
        let output = place.leito(&["up"]).env(name, value).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{name}={value}");
    }
    assert!(!place.path().join("data").exists());
}
