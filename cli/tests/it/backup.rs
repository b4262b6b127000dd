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
        ("BACKUP_TO", "ftp://elsewhere"),
        ("BACKUP_TO", "s3://"),
    ] {
        let output = place.leito(&["up"]).env(name, value).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{name}={value}");
    }
    assert!(!place.path().join("data").exists());
}
