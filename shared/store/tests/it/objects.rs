//! Which objects are dead: those that lost every reference, and no others.

use std::time::Duration;

use serde_json::json;
use store::bed_files::{self, NewFile};
use store::object_tombstones::{self, Tombstone};
use store::stage_outputs::{self, StageOutput};
use store::uploads::{self, NewUpload};
use testkit::{Database, rows};
use uuid::Uuid;

use crate::setup::*;

const OTHER_BED: Uuid = Uuid::from_u128(11);
const NO_TIME: Duration = Duration::ZERO;
const DAY: Duration = Duration::from_hours(24);

fn file(id: u128, object_key: &str) -> NewFile {
    NewFile {
        id: Uuid::from_u128(id),
        kind: "table".to_owned(),
        name: "a.csv".to_owned(),
        object_key: object_key.to_owned(),
        content_type: "text/csv".to_owned(),
        bytes: 5,
        sha256: "d".repeat(64),
        unpacked: None,
    }
}

fn upload(id: u128, object_key: &str) -> NewUpload {
    NewUpload {
        id: Uuid::from_u128(id),
        bed_id: BED,
        user_id: rows::USER,
        kind: "upload".to_owned(),
        name: "a.csv".to_owned(),
        object_key: object_key.to_owned(),
        multipart_id: "m".to_owned(),
        content_type: "text/csv".to_owned(),
        bytes: 5,
        part_bytes: 5,
        sha256: "d".repeat(64),
        lives: DAY,
    }
}

fn stage(key: &str, objects: &[&str]) -> StageOutput {
    let files: Vec<_> = objects
        .iter()
        .map(|key| json!({ "name": "f", "key": key }))
        .collect();
    StageOutput {
        key: key.repeat(64),
        stage: "packing".to_owned(),
        output: json!({}),
        files: json!(files),
    }
}

/// Two beds, the first with a simulation.
async fn two_beds() -> Database {
    let database = with_bed().await;
    committed!(&database, store::beds::insert, &rows::bed(OTHER_BED)).unwrap();
    database
}

async fn due(database: &Database) -> Vec<String> {
    let all = object_tombstones::due(&client(database).await, NO_TIME, 100)
        .await
        .unwrap();
    let mut keys: Vec<_> = all.into_iter().map(|one| one.object_key).collect();
    keys.sort();
    keys
}

#[tokio::test]
async fn a_deleted_file_leaves_a_dead_object_unless_another_bed_has_it() {
    let database = two_beds().await;
    let own = [file(20, "own"), file(21, "shared")];
    committed!(&database, bed_files::insert, BED, None, &own).unwrap();
    committed!(
        &database,
        bed_files::insert,
        OTHER_BED,
        None,
        &[file(22, "shared")]
    )
    .unwrap();
    for one in &own {
        assert!(committed!(&database, bed_files::delete, BED, one.id).unwrap());
        assert!(!committed!(&database, bed_files::delete, BED, one.id).unwrap());
    }
    assert_eq!(due(&database).await, ["own"]);
    assert!(committed!(&database, bed_files::delete, OTHER_BED, Uuid::from_u128(22)).unwrap());
    assert_eq!(due(&database).await, ["own", "shared"]);
}

#[tokio::test]
async fn a_file_of_another_bed_is_not_deleted() {
    let database = two_beds().await;
    committed!(&database, bed_files::insert, BED, None, &[file(20, "own")]).unwrap();
    assert!(!committed!(&database, bed_files::delete, OTHER_BED, Uuid::from_u128(20)).unwrap());
    assert_eq!(due(&database).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_deleted_bed_simulation_or_project_buries_what_it_had() {
    let database = two_beds().await;
    committed!(
        &database,
        bed_files::insert,
        BED,
        None,
        &[file(20, "packing"), file(21, "shared")]
    )
    .unwrap();
    committed!(
        &database,
        bed_files::insert,
        BED,
        Some(SIMULATION),
        &[file(22, "flow")]
    )
    .unwrap();
    committed!(
        &database,
        bed_files::insert,
        OTHER_BED,
        None,
        &[file(23, "shared"), file(24, "other")]
    )
    .unwrap();
    let bury_simulation = object_tombstones::bury_files_of_simulation;
    assert_eq!(
        committed!(&database, bury_simulation, SIMULATION).unwrap(),
        1
    );
    run(&database, "DELETE FROM simulations").await;
    assert_eq!(due(&database).await, ["flow"]);
    assert_eq!(
        committed!(&database, object_tombstones::bury_files_of_bed, BED).unwrap(),
        2
    );
    run(&database, &format!("DELETE FROM beds WHERE id = '{BED}'")).await;
    assert_eq!(due(&database).await, ["flow", "packing"]);
    let bury_project = object_tombstones::bury_files_of_project;
    assert_eq!(
        committed!(&database, bury_project, rows::PROJECT).unwrap(),
        2
    );
    run(&database, "DELETE FROM beds").await;
    assert_eq!(due(&database).await, ["flow", "other", "packing", "shared"]);
}

#[tokio::test]
async fn an_object_is_alive_while_a_stage_or_an_upload_has_it() {
    let database = two_beds().await;
    let client = client(&database).await;
    stage_outputs::publish(&client, &stage("a", &["staged"]))
        .await
        .unwrap();
    committed!(&database, uploads::insert, &upload(30, "uploading")).unwrap();
    let keys = ["staged", "uploading", "neither"].map(str::to_owned);
    object_tombstones::bury(&client, &keys).await.unwrap();
    assert_eq!(due(&database).await, ["neither"]);
    stage_outputs::forget(&client, &"a".repeat(64))
        .await
        .unwrap();
    assert!(committed!(&database, uploads::end, Uuid::from_u128(30)).unwrap());
    assert!(!committed!(&database, uploads::end, Uuid::from_u128(30)).unwrap());
    assert_eq!(due(&database).await, ["neither", "staged", "uploading"]);
}

#[tokio::test]
async fn a_tombstone_is_due_when_its_time_is_up_and_a_new_burial_begins_it_again() {
    let database = two_beds().await;
    let client = client(&database).await;
    let key = ["dead".to_owned()];
    object_tombstones::bury(&client, &key).await.unwrap();
    let after_a_day = async || object_tombstones::due(&client, DAY, 10).await.unwrap();
    assert_eq!(after_a_day().await, []);
    run(
        &database,
        "UPDATE object_tombstones SET since = since - interval '25 h'",
    )
    .await;
    let old: Vec<Tombstone> = after_a_day().await;
    assert_eq!(old.len(), 1);
    object_tombstones::bury(&client, &key).await.unwrap();
    assert_eq!(after_a_day().await, []);
    // whoever deleted the object for the old burial says nothing about the new one
    object_tombstones::mark_deleted(&client, &old)
        .await
        .unwrap();
    assert_eq!(due(&database).await, key);
}

#[tokio::test]
async fn tombstones_of_what_is_used_go_when_their_time_is_up() {
    let database = two_beds().await;
    let client = client(&database).await;
    stage_outputs::publish(&client, &stage("a", &["staged"]))
        .await
        .unwrap();
    let keys = ["staged", "dead"].map(str::to_owned);
    object_tombstones::bury(&client, &keys).await.unwrap();
    assert_eq!(
        object_tombstones::forget_used(&client, DAY, 10)
            .await
            .unwrap(),
        0
    );
    assert_eq!(
        object_tombstones::forget_used(&client, NO_TIME, 10)
            .await
            .unwrap(),
        1
    );
    assert_eq!(due(&database).await, ["dead"]);
}

#[tokio::test]
async fn a_stored_stage_lives_while_a_bed_shows_a_file_of_it_and_for_a_while_after() {
    let database = two_beds().await;
    let client = client(&database).await;
    for (key, objects) in [
        ("a", ["shown", "hidden"]),
        ("b", ["unseen", "unseen too"]),
        ("c", ["new", "newer"]),
    ] {
        stage_outputs::publish(&client, &stage(key, &objects))
            .await
            .unwrap();
    }
    let age = format!(
        "UPDATE stage_outputs SET created_at = now() - interval '31 d' WHERE key <> '{}'",
        "c".repeat(64)
    );
    run(&database, &age).await;
    committed!(
        &database,
        bed_files::insert,
        BED,
        None,
        &[file(20, "shown")]
    )
    .unwrap();
    let month = Duration::from_hours(30 * 24);
    assert_eq!(
        committed!(&database, stage_outputs::expire, month, 10).unwrap(),
        ["b".repeat(64)]
    );
    assert_eq!(due(&database).await, ["unseen", "unseen too"]);
    committed!(&database, bed_files::delete, BED, Uuid::from_u128(20)).unwrap();
    assert_eq!(due(&database).await, ["unseen", "unseen too"]);
    assert_eq!(
        committed!(&database, stage_outputs::expire, month, 10).unwrap(),
        ["a".repeat(64)]
    );
    assert_eq!(
        due(&database).await,
        ["hidden", "shown", "unseen", "unseen too"]
    );
}

#[tokio::test]
async fn an_upload_is_its_authors_while_they_may_and_have_time() {
    use store::access::{Access, Role};
    let database = two_beds().await;
    let client = client(&database).await;
    let id = Uuid::from_u128(30);
    let stored = committed!(&database, uploads::insert, &upload(30, "k")).unwrap();
    let by = Access {
        user_id: rows::USER,
        at_least: Role::Editor,
    };
    assert_eq!(
        uploads::get_for(&client, by, BED, id).await.unwrap(),
        stored
    );
    assert_eq!(
        uploads::list_own(&client, BED, rows::USER, 10)
            .await
            .unwrap(),
        [stored]
    );
    assert_eq!(uploads::count_open(&client, rows::USER).await.unwrap(), 1);
    let stranger = Access {
        user_id: Uuid::from_u128(99),
        ..by
    };
    assert!(uploads::get_for(&client, stranger, BED, id).await.is_err());
    assert!(uploads::get_for(&client, by, OTHER_BED, id).await.is_err());
    run(&database, "UPDATE project_members SET role = 'viewer'").await;
    let demoted = uploads::get_for(&client, by, BED, id).await;
    assert!(
        matches!(demoted, Err(store::Error::Forbidden { .. })),
        "{demoted:?}"
    );
    assert_eq!(uploads::stale(&client, 10).await.unwrap(), []);
    run(
        &database,
        "UPDATE uploads SET expires_at = now() - interval '1 s'",
    )
    .await;
    assert!(uploads::get_for(&client, by, BED, id).await.is_err());
    let stale = uploads::stale(&client, 10).await.unwrap();
    assert_eq!(
        (stale.len(), stale[0].id, stale[0].multipart_id.as_str()),
        (1, id, "m")
    );
}
