use std::time::Duration;

use store::access::{self, Access, Role};
use store::projects::{self, Filter};
use store::rate_limits::{self, Limit};
use store::refresh_tokens::{self, Family, NewToken, Shown};
use store::{Error, api_keys, project_members, users};
use testkit::rows;
use uuid::Uuid;

use crate::setup::*;

fn limit(bucket: &str, at_most: i32) -> Limit {
    Limit {
        bucket: bucket.to_owned(),
        at_most,
        window: Duration::from_hours(1),
    }
}

#[tokio::test]
async fn of_many_requests_at_once_as_many_pass_as_there_is_room_for() {
    let database = testkit::database().await;
    let limits = [limit("of ada", 5), limit("from here", 100)];
    let attempts = (0..12).map(|_| async {
        let client = client(&database).await;
        rate_limits::count(&client, &limits).await.unwrap()
    });
    let answers = futures::future::join_all(attempts).await;
    assert_eq!(answers.iter().filter(|wait| wait.is_none()).count(), 5);
    let longest = answers.into_iter().flatten().max().unwrap();
    assert!(longest <= Duration::from_hours(1), "{longest:?}");
}

#[tokio::test]
async fn a_window_that_is_over_and_a_bucket_that_was_forgiven_have_room_again() {
    let database = testkit::database().await;
    let client = client(&database).await;
    let count = async || {
        rate_limits::count(&client, &[limit("of ada", 1)])
            .await
            .unwrap()
    };
    assert_eq!(count().await, None);
    assert!(count().await.is_some());
    run(
        &database,
        "UPDATE rate_limits SET window_start = window_start - interval '1 hour'",
    )
    .await;
    assert_eq!(count().await, None);
    assert!(count().await.is_some());
    rate_limits::forgive(&client, "of ada").await.unwrap();
    assert_eq!(count().await, None);
}

fn token(id: u128) -> NewToken {
    NewToken {
        id: Uuid::from_u128(id),
        token_hash: [u8::try_from(id).unwrap(); 32],
        life: Duration::from_hours(1),
    }
}

const FAMILY: Family = Family {
    id: Uuid::from_u128(90),
    user_id: rows::USER,
};

/// Waits until somebody in this test waits for a lock, and then commits.
async fn commit_once_awaited(database: &testkit::Database, tx: store::Transaction<'_>) {
    let observer = client(database).await;
    let blocked = "SELECT 1 FROM pg_locks WHERE NOT granted";
    while observer.query_opt(blocked, &[]).await.unwrap().is_none() {
        tokio::task::yield_now().await;
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_family_that_ends_while_a_token_is_rotated_ends_with_the_new_token_too() {
    let database = testkit::database().await;
    committed!(&database, refresh_tokens::insert, FAMILY, &token(1)).unwrap();
    committed!(&database, refresh_tokens::rotate, &[1; 32], &token(2)).unwrap();
    let mut first = client(&database).await;
    let tx = first.transaction().await.unwrap();
    let good = refresh_tokens::rotate(&tx, &[2; 32], &token(3)).await;
    assert_eq!(good.unwrap(), Shown::Good(FAMILY));
    let thief = async { committed!(&database, refresh_tokens::rotate, &[1; 32], &token(4)) };
    let (used, ()) = tokio::join!(thief, commit_once_awaited(&database, tx));
    assert_eq!(used.unwrap(), Shown::Reused(FAMILY));
    let last = committed!(&database, refresh_tokens::rotate, &[3; 32], &token(5));
    assert_eq!(last.unwrap(), Shown::Refused);
}

#[tokio::test]
async fn a_log_in_and_the_others_end_apart() {
    let database = testkit::database().await;
    let other = Family {
        id: Uuid::from_u128(91),
        ..FAMILY
    };
    committed!(&database, refresh_tokens::insert, FAMILY, &token(1)).unwrap();
    committed!(&database, refresh_tokens::insert, other, &token(2)).unwrap();
    committed!(&database, refresh_tokens::end_others, FAMILY).unwrap();
    let shown = committed!(&database, refresh_tokens::rotate, &[2; 32], &token(3)).unwrap();
    assert_eq!(shown, Shown::Refused);
    committed!(&database, refresh_tokens::end, FAMILY).unwrap();
    let shown = committed!(&database, refresh_tokens::rotate, &[1; 32], &token(3)).unwrap();
    assert_eq!(shown, Shown::Refused);
}

#[tokio::test]
async fn what_a_member_may_is_read_after_the_project_is_locked() {
    let database = testkit::database().await;
    let somebody = rows::user(Uuid::from_u128(80));
    committed!(&database, users::insert, &somebody).unwrap();
    let (project, member) = (rows::PROJECT, somebody.id);
    committed!(
        &database,
        project_members::insert,
        project,
        member,
        Role::Owner
    )
    .unwrap();
    let by = |user_id| Access {
        user_id,
        at_least: Role::Owner,
    };
    let mut first = client(&database).await;
    let tx = first.transaction().await.unwrap();
    projects::lock_for(&tx, by(rows::USER), project)
        .await
        .unwrap();
    project_members::delete(&tx, project, member).await.unwrap();
    let waiting = async { committed!(&database, projects::lock_for, by(member), project) };
    let (refused, ()) = tokio::join!(waiting, commit_once_awaited(&database, tx));
    assert!(
        matches!(refused, Err(Error::NotFound { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn only_administrators_are_administrators() {
    let database = testkit::database().await;
    let refused = access::administrator(&client(&database).await, rows::USER).await;
    assert!(matches!(refused, Err(Error::AdministratorsOnly)));
    committed!(&database, users::set_role, rows::USER, true).unwrap();
    access::administrator(&client(&database).await, rows::USER)
        .await
        .unwrap();
    let last = committed!(&database, users::set_role, rows::USER, false);
    assert!(matches!(last, Err(Error::LastOne(_))));
}

/// What the planner does when scans of whole tables cost too much, whatever else is possible.
async fn plan(query: &str) -> String {
    let database = testkit::database().await;
    let client = client(&database).await;
    client
        .batch_execute("SET enable_seqscan = off")
        .await
        .unwrap();
    let rows = client
        .query(&format!("EXPLAIN {query}"), &[])
        .await
        .unwrap();
    let lines: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    lines.join("\n")
}

#[tokio::test]
async fn searches_for_words_use_an_index() {
    for (index, query) in [
        (
            "users_words",
            "SELECT id FROM users WHERE search_words(name || ' ' || email) @@ to_tsquery('simple', '''a'':*')",
        ),
        (
            "projects_words",
            "SELECT id FROM projects WHERE search_words(name || ' ' || description) @@ to_tsquery('simple', '''a'':*')",
        ),
    ] {
        let plan = plan(query).await;
        assert!(plan.contains(index), "{plan}");
    }
}

#[tokio::test]
async fn pages_of_accounts_keys_projects_and_members_walk_an_index() {
    let id = "'00000000-0000-0000-0000-000000000001'";
    for (index, query) in [
        (
            "users_pkey",
            format!("SELECT name FROM users WHERE id < {id} ORDER BY id DESC LIMIT 9"),
        ),
        (
            "api_keys_user",
            format!(
                "SELECT name FROM api_keys WHERE user_id = {id} AND id < {id} ORDER BY id DESC LIMIT 9"
            ),
        ),
        (
            "project_members_user",
            format!(
                "SELECT p.name FROM project_members m JOIN projects p ON p.id = m.project_id
                 WHERE m.user_id = {id} AND m.project_id < {id} ORDER BY m.project_id DESC LIMIT 9"
            ),
        ),
        (
            "projects_pkey",
            format!("SELECT name FROM projects WHERE id < {id} ORDER BY id DESC LIMIT 9"),
        ),
        (
            "project_members_pkey",
            format!(
                "SELECT u.name FROM project_members m JOIN users u ON u.id = m.user_id
                 WHERE m.project_id = {id} AND m.user_id > {id} ORDER BY m.user_id LIMIT 9"
            ),
        ),
    ] {
        let plan = plan(&query).await;
        assert!(plan.contains(index), "{index}: {plan}");
        assert!(
            !plan.contains("Seq Scan") && !plan.contains("Sort"),
            "{plan}"
        );
    }
}

#[tokio::test]
async fn a_page_of_projects_holds_those_one_is_in_and_of_keys_ones_own() {
    let database = testkit::database().await;
    let client = client(&database).await;
    let filter = Filter {
        limit: 10,
        words: Some("stud"),
        ..Filter::default()
    };
    let mine = projects::list(&client, rows::USER, &filter).await.unwrap();
    assert_eq!((mine.len(), mine[0].role), (1, Role::Owner));
    let nobodys = projects::list(&client, Uuid::nil(), &filter).await.unwrap();
    assert!(nobodys.is_empty());
    let keys = api_keys::list(&client, rows::USER, None, (10, 0))
        .await
        .unwrap();
    assert!(keys.is_empty());
}
