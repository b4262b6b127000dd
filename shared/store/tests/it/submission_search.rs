//! Who finds which submission by what.

use serde_json::json;
use store::access::{Access, Role};
use store::submissions::{self, NewSubmission, Search};
use store::{Error, projects, users};
use testkit::{Database, rows};
use uuid::Uuid;

use crate::setup::*;
use crate::submissions::submission;

const STRANGER: Uuid = Uuid::from_u128(0xa1);
const ADMIN: Uuid = Uuid::from_u128(0xa2);
const OTHER_PROJECT: Uuid = Uuid::from_u128(0xb1);

/// Ids of that day; the later of two is the greater.
fn id(day: u32, number: u128) -> Uuid {
    let millisecond = 1_700_000_000_000 + u128::from(day) * 86_400_000;
    Uuid::from_u128((millisecond << 80) | number)
}

/// Four submissions of two projects on four days.
async fn filled() -> Database {
    let database = testkit::database().await;
    committed!(&database, users::insert, &rows::user(STRANGER)).unwrap();
    let admin = users::NewUser {
        is_admin: true,
        ..rows::user(ADMIN)
    };
    committed!(&database, users::insert, &admin).unwrap();
    committed!(
        &database,
        projects::insert,
        &rows::project(OTHER_PROJECT, STRANGER)
    )
    .unwrap();
    let mine = |day, payload| NewSubmission {
        payload,
        ..submission(id(day, 1))
    };
    let all = [
        mine(0, json!({ "source": "bed glass {}" })),
        mine(1, json!({ "spec": { "particles": { "count": 100 } } })),
        NewSubmission {
            kind: "report",
            ..submission(id(2, 1))
        },
        NewSubmission {
            project_id: OTHER_PROJECT,
            user_id: STRANGER,
            ..mine(3, json!({ "source": "bed steel {}" }))
        },
    ];
    for new in &all {
        committed!(&database, submissions::insert, new).unwrap();
    }
    // As if each had been made at the time that its id says.
    let dated = "UPDATE submissions SET created_at = to_timestamp(
        ('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 1000.0)";
    run(&database, dated).await;
    database
}

async fn found(database: &Database, user_id: Uuid, wanted: Search) -> Vec<u32> {
    let search = Search {
        limit: 10,
        ..wanted
    };
    let found = submissions::search(&client(database).await, user_id, &search)
        .await
        .unwrap();
    let day = |found: Uuid| (0..4).find(|day| id(*day, 1) == found).unwrap();
    found.into_iter().map(|one| day(one.id)).collect()
}

#[tokio::test]
async fn everybody_finds_the_submissions_of_their_projects_newest_first() {
    let database = filled().await;
    let all = Search::default;
    assert_eq!(found(&database, rows::USER, all()).await, [2, 1, 0]);
    assert_eq!(found(&database, STRANGER, all()).await, [3]);
    assert_eq!(found(&database, ADMIN, all()).await, [3, 2, 1, 0]);
    assert_eq!(found(&database, Uuid::nil(), all()).await, [0; 0]);
    let viewer = format!(
        "INSERT INTO project_members (project_id, user_id, role) VALUES ('{OTHER_PROJECT}', '{}', 'viewer')",
        rows::USER
    );
    run(&database, &viewer).await;
    assert_eq!(found(&database, rows::USER, all()).await, [3, 2, 1, 0]);
}

fn with(change: impl FnOnce(&mut Search)) -> Search {
    let mut wanted = Search::default();
    change(&mut wanted);
    wanted
}

#[tokio::test]
async fn each_filter_leaves_out_what_does_not_match() {
    let database = filled().await;
    let day = |day: i64| Some(jiff::Timestamp::from_second(1_700_000_000 + day * 86_400).unwrap());
    let some = |text: &str| Some(text.to_owned());
    let count = json!({ "spec": { "particles": { "count": 100 } } });
    let cases = [
        (with(|it| it.kind = some("report")), vec![2]),
        (with(|it| it.version = Some(2)), vec![]),
        (with(|it| it.status = some("done")), vec![]),
        (with(|it| it.author = Some(STRANGER)), vec![3]),
        (with(|it| it.project_id = Some(OTHER_PROJECT)), vec![3]),
        (with(|it| it.from = day(2)), vec![3, 2]),
        (with(|it| it.to = day(1)), vec![0]),
        (with(|it| (it.from, it.to) = (day(1), day(2))), vec![1]),
        (with(|it| it.text = some("steel")), vec![3]),
        (with(|it| it.text = some("\"bed glass\"")), vec![0]),
        (with(|it| it.text = some("glass -demo")), vec![0]),
        (with(|it| it.contains = Some(count)), vec![1]),
        (with(|it| it.before = Some(id(2, 1))), vec![1, 0]),
        (with(|it| it.offset = 3), vec![0]),
    ];
    for (wanted, expected) in cases {
        let days = found(&database, ADMIN, wanted.clone()).await;
        assert_eq!(days, expected, "{wanted:?}");
    }
}

#[tokio::test]
async fn what_is_in_a_result_is_found() {
    let database = filled().await;
    let done = format!(
        "UPDATE submissions SET status = 'done', finished_at = now(), result =
            '{{\"simulations\": [{{\"bed\": \"granite\"}}], \"files\": [{{\"name\": \"picture\"}}]}}' WHERE id = '{}'",
        id(0, 1)
    );
    run(&database, &done).await;
    let text = |text: &str| Search {
        text: Some(text.to_owned()),
        ..Search::default()
    };
    assert_eq!(found(&database, rows::USER, text("granite")).await, [0]);
    assert_eq!(found(&database, rows::USER, text("picture")).await, [0; 0]);
    let contains = json!({ "simulations": [{ "bed": "granite" }] });
    let wanted = Search {
        contains: Some(contains),
        status: Some("done".to_owned()),
        ..Search::default()
    };
    assert_eq!(found(&database, rows::USER, wanted).await, [0]);
}

#[tokio::test]
async fn a_strangers_submission_does_not_exist() {
    let database = filled().await;
    let by = Access {
        user_id: rows::USER,
        at_least: Role::Viewer,
    };
    let client = client(&database).await;
    let refused = submissions::get_for(&client, by, id(3, 1)).await;
    assert!(matches!(refused, Err(Error::NotFound { .. })));
}
