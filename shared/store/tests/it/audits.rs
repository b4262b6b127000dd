//! Audits only grow, and everybody sees what is theirs.

use serde_json::json;
use store::audits::{self, NewAudit, Search};
use store::{projects, users};
use testkit::{Database, rows};
use uuid::Uuid;

use crate::setup::*;

const OTHER: Uuid = Uuid::from_u128(0xa1);
const ADMIN: Uuid = Uuid::from_u128(0xa2);
const OTHER_PROJECT: Uuid = Uuid::from_u128(0xb1);
const TARGET: Uuid = Uuid::from_u128(0xc1);
const SESSION: Uuid = Uuid::from_u128(0xd1);

fn audit(number: u128, user_id: Uuid, project_id: Option<Uuid>) -> NewAudit {
    NewAudit {
        id: Uuid::from_u128(number),
        kind: "bed",
        action: "created",
        target_id: None,
        project_id,
        submission_id: None,
        user_id: Some(user_id),
        session_id: None,
        meta: json!({}),
    }
}

/// What two people did, each in their own project, in each other's, and outside of any.
async fn filled() -> Database {
    let database = testkit::database().await;
    committed!(&database, users::insert, &rows::user(OTHER)).unwrap();
    let admin = users::NewUser {
        is_admin: true,
        ..rows::user(ADMIN)
    };
    committed!(&database, users::insert, &admin).unwrap();
    committed!(
        &database,
        projects::insert,
        &rows::project(OTHER_PROJECT, OTHER)
    )
    .unwrap();
    let all = [
        audit(1, rows::USER, Some(rows::PROJECT)),
        NewAudit {
            action: "deleted",
            target_id: Some(TARGET),
            ..audit(2, OTHER, Some(rows::PROJECT))
        },
        NewAudit {
            kind: "user",
            session_id: Some(SESSION),
            ..audit(3, OTHER, None)
        },
        NewAudit {
            submission_id: Some(TARGET),
            ..audit(4, OTHER, Some(OTHER_PROJECT))
        },
        NewAudit {
            user_id: None,
            ..audit(5, OTHER, Some(OTHER_PROJECT))
        },
    ];
    for new in &all {
        committed!(&database, audits::insert, new).unwrap();
    }
    database
}

async fn seen(database: &Database, user_id: Uuid, wanted: Search) -> Vec<u128> {
    let search = Search {
        limit: 10,
        ..wanted
    };
    let found = audits::search(&client(database).await, user_id, &search).await;
    found.unwrap().iter().map(|one| one.id.as_u128()).collect()
}

#[tokio::test]
async fn everybody_sees_their_own_owners_their_projects_and_administrators_all() {
    let database = filled().await;
    let all = Search::default;
    assert_eq!(seen(&database, rows::USER, all()).await, [2, 1]);
    assert_eq!(seen(&database, OTHER, all()).await, [5, 4, 3, 2]);
    assert_eq!(seen(&database, ADMIN, all()).await, [5, 4, 3, 2, 1]);
    assert_eq!(seen(&database, Uuid::nil(), all()).await, [0; 0]);
    let editor = format!(
        "INSERT INTO project_members (project_id, user_id, role) VALUES ('{OTHER_PROJECT}', '{}', 'editor')",
        rows::USER
    );
    run(&database, &editor).await;
    assert_eq!(
        seen(&database, rows::USER, all()).await,
        [2, 1],
        "an editor owns nothing"
    );
}

fn with(change: impl FnOnce(&mut Search)) -> Search {
    let mut wanted = Search::default();
    change(&mut wanted);
    wanted
}

#[tokio::test]
async fn each_filter_leaves_out_what_does_not_match() {
    let database = filled().await;
    let year = |year| format!("{year}-01-01T00:00:00Z").parse().ok();
    let some = |text: &str| Some(text.to_owned());
    let cases = [
        (with(|it| it.kind = some("user")), vec![3]),
        (with(|it| it.action = some("deleted")), vec![2]),
        (with(|it| it.user_id = Some(rows::USER)), vec![1]),
        (with(|it| it.project_id = Some(OTHER_PROJECT)), vec![5, 4]),
        (with(|it| it.target_id = Some(TARGET)), vec![2]),
        (with(|it| it.submission_id = Some(TARGET)), vec![4]),
        (with(|it| it.session_id = Some(SESSION)), vec![3]),
        (with(|it| it.from = year(2200)), vec![]),
        (with(|it| it.to = year(2200)), vec![5, 4, 3, 2, 1]),
        (with(|it| it.to = year(2020)), vec![]),
        (with(|it| it.before = Some(Uuid::from_u128(3))), vec![2, 1]),
        (with(|it| it.offset = 4), vec![1]),
    ];
    for (wanted, expected) in cases {
        let numbers = seen(&database, ADMIN, wanted.clone()).await;
        assert_eq!(numbers, expected, "{wanted:?}");
    }
}

const CHANGES: [&str; 3] = [
    "UPDATE automation_audits SET action = 'nothing'",
    "DELETE FROM automation_audits",
    "TRUNCATE automation_audits",
];

#[tokio::test]
async fn the_application_can_neither_change_nor_delete_an_audit() {
    let database = filled().await;
    let client = client(&database).await;
    for change in CHANGES {
        let refused = client.batch_execute(change).await.unwrap_err();
        let refused = refused.as_db_error().unwrap();
        assert_eq!(refused.code().code(), "42501", "{change}");
        assert!(
            refused.message().starts_with("permission denied"),
            "{refused}"
        );
    }
    assert_eq!(seen(&database, ADMIN, Search::default()).await.len(), 5);
}

#[tokio::test]
async fn the_owner_of_the_tables_is_refused_too() {
    let database = filled().await;
    let client = client(&database).await;
    for change in CHANGES {
        let refused = client.batch_execute(&format!("RESET ROLE; {change}")).await;
        let refused = refused
            .unwrap_err()
            .as_db_error()
            .unwrap()
            .message()
            .to_owned();
        assert_eq!(refused, "automation_audits only grows", "{change}");
    }
}

#[tokio::test]
async fn the_application_may_use_every_other_table_and_those_to_come() {
    let database = testkit::database().await;
    let client = client(&database).await;
    let made = "RESET ROLE; CREATE TABLE to_come (id integer); SET ROLE leito_app";
    client.batch_execute(made).await.unwrap();
    let lacking = "
        SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
            AND NOT has_table_privilege('leito_app', oid, 'SELECT')
            OR relname NOT IN ('automation_audits', 'refinery_schema_history')
            AND relnamespace = 'public'::regnamespace AND relkind = 'r'
            AND NOT (has_table_privilege('leito_app', oid, 'INSERT') AND has_table_privilege('leito_app', oid, 'UPDATE')
                AND has_table_privilege('leito_app', oid, 'DELETE'))";
    let lacking = client.query(lacking, &[]).await.unwrap();
    let lacking: Vec<String> = lacking.iter().map(|row| row.get(0)).collect();
    assert_eq!(lacking, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn databases_of_one_server_can_be_migrated_at_once() {
    let databases = [
        testkit::empty_database().await,
        testkit::empty_database().await,
    ];
    let (one, two) = tokio::join!(
        store::migrate(databases[0].url()),
        store::migrate(databases[1].url())
    );
    assert_eq!(one.unwrap(), two.unwrap());
}
