//! Dashboards: kept for a project, seen by those who are in it.

use serde_json::json;
use store::Error;
use store::access::{Access, Role};
use store::dashboards::{self, Content, Wanted};
use store::users;
use testkit::{Database, rows};
use uuid::Uuid;

use crate::setup::*;

const DASHBOARD: Uuid = Uuid::from_u128(30);

fn content(name: &str) -> Content {
    Content {
        name: name.to_owned(),
        description: "what the week was like".to_owned(),
        panels: json!([{ "metric": "error_rate" }]),
    }
}

async fn with_dashboard() -> Database {
    let database = testkit::database().await;
    let (id, new) = (DASHBOARD, content("week"));
    committed!(
        &database,
        dashboards::insert,
        id,
        rows::PROJECT,
        rows::USER,
        &new
    )
    .unwrap();
    database
}

fn editor(user_id: Uuid) -> Access {
    Access {
        user_id,
        at_least: Role::Editor,
    }
}

async fn names(database: &Database, user_id: Uuid, wanted: Wanted) -> Vec<String> {
    let client = client(database).await;
    let found = dashboards::list(&client, user_id, wanted).await.unwrap();
    found.into_iter().map(|one| one.content.name).collect()
}

#[tokio::test]
async fn a_change_is_a_new_version_of_the_same_dashboard() {
    let database = with_dashboard().await;
    let by = editor(rows::USER);
    let first = committed!(&database, dashboards::lock_for, by, DASHBOARD).unwrap();
    assert_eq!((first.version, &first.content), (1, &content("week")));
    let second = committed!(&database, dashboards::update, DASHBOARD, &content("month")).unwrap();
    assert_eq!((second.version, second.content.name.as_str()), (2, "month"));
    let client = client(&database).await;
    let kept = dashboards::get_for(&client, by, DASHBOARD).await.unwrap();
    assert_eq!(kept, second);
    committed!(&database, dashboards::delete, DASHBOARD).unwrap();
    let gone = dashboards::get_for(&client, by, DASHBOARD).await;
    assert!(matches!(gone, Err(Error::NotFound { .. })), "{gone:?}");
}

#[tokio::test]
async fn viewers_look_and_strangers_do_not() {
    let database = with_dashboard().await;
    let viewer = testkit::another(database.store(), Some(Role::Viewer)).await;
    let stranger = testkit::another(database.store(), None).await;
    let refused = committed!(&database, dashboards::lock_for, editor(viewer), DASHBOARD);
    assert!(
        matches!(refused, Err(Error::Forbidden { .. })),
        "{refused:?}"
    );
    let missing = committed!(&database, dashboards::lock_for, editor(stranger), DASHBOARD);
    assert!(
        matches!(missing, Err(Error::NotFound { .. })),
        "{missing:?}"
    );
    let all = Wanted {
        limit: 10,
        ..Wanted::default()
    };
    assert_eq!(names(&database, viewer, all).await, ["week"]);
    assert!(names(&database, stranger, all).await.is_empty());
}

#[tokio::test]
async fn a_list_is_walked_from_the_newest_on_and_administrators_see_every_project() {
    let database = with_dashboard().await;
    let stranger = testkit::another(database.store(), None).await;
    for (id, name) in [(31, "month"), (32, "year")] {
        let id = Uuid::from_u128(id);
        let new = content(name);
        committed!(
            &database,
            dashboards::insert,
            id,
            rows::PROJECT,
            rows::USER,
            &new
        )
        .unwrap();
    }
    let first = Wanted {
        project_id: Some(rows::PROJECT),
        limit: 2,
        ..Wanted::default()
    };
    assert_eq!(names(&database, rows::USER, first).await, ["year", "month"]);
    let next = Wanted {
        before: Some(Uuid::from_u128(31)),
        ..first
    };
    assert_eq!(names(&database, rows::USER, next).await, ["week"]);
    let elsewhere = Wanted {
        project_id: Some(Uuid::from_u128(99)),
        ..first
    };
    assert!(names(&database, rows::USER, elsewhere).await.is_empty());
    assert!(names(&database, stranger, first).await.is_empty());
    committed!(&database, users::set_role, stranger, true).unwrap();
    assert_eq!(names(&database, stranger, first).await, ["year", "month"]);
}

#[tokio::test]
async fn two_dashboards_of_one_project_have_two_names() {
    let database = with_dashboard().await;
    let (id, again) = (Uuid::from_u128(31), content("week"));
    let twice = committed!(
        &database,
        dashboards::insert,
        id,
        rows::PROJECT,
        rows::USER,
        &again
    );
    assert!(matches!(twice, Err(Error::Conflict { .. })), "{twice:?}");
}
