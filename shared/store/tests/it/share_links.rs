//! Share links: who may make, see and end them, and when they open.

use jiff::{SignedDuration, Timestamp};
use store::Error;
use store::access::{Access, Role};
use store::fileshare_items::{self as links, Link, NewLink, Shared};
use testkit::{Database, rows};
use uuid::Uuid;

use crate::setup::*;

const FILE: Uuid = Uuid::from_u128(20);
const LINK: Uuid = Uuid::from_u128(21);
const TOKEN: [u8; 32] = [7; 32];

/// A bed with a file, and the moment at which the test plays.
async fn with_file() -> (Database, Timestamp) {
    let database = with_bed().await;
    let file = format!(
        "INSERT INTO bed_files (id, bed_id, kind, name, object_key, content_type, bytes, sha256)
         VALUES ('{FILE}', '{BED}', 'table', 'profile.csv', 'k', 'text/csv', 3, repeat('d', 64))"
    );
    run(&database, &file).await;
    (database, Timestamp::from_second(1_700_000_000).unwrap())
}

fn link(shared: Shared, now: Timestamp) -> NewLink {
    NewLink {
        id: LINK,
        token_hash: TOKEN,
        project_id: rows::PROJECT,
        user_id: rows::USER,
        shared,
        password_hash: None,
        max_downloads: None,
        created_at: now,
        expires_at: now + SignedDuration::from_hours(24),
    }
}

async fn list(database: &Database, user_id: Uuid) -> Vec<Link> {
    let client = client(database).await;
    links::list(&client, user_id, None, 10, 0).await.unwrap()
}

async fn opens(database: &Database, now: Timestamp) -> bool {
    let client = client(database).await;
    links::open(&client, &TOKEN, now).await.unwrap().is_some()
}

#[tokio::test]
async fn a_link_is_found_by_its_token_and_tells_where_it_leads() {
    let (database, now) = with_file().await;
    let new = NewLink {
        password_hash: Some("$argon2id$x".to_owned()),
        max_downloads: Some(3),
        ..link(Shared::File(FILE), now)
    };
    committed!(&database, links::insert, &new).unwrap();
    let client = client(&database).await;
    let opened = links::open(&client, &TOKEN, now).await.unwrap().unwrap();
    assert_eq!((opened.id, opened.bed_id), (LINK, BED));
    assert_eq!(opened.shared, Shared::File(FILE));
    assert_eq!(opened.password_hash, new.password_hash);
    assert_eq!(opened.downloads_left, Some(3));
    assert_eq!(links::open(&client, &[8; 32], now).await.unwrap(), None);
}

#[tokio::test]
async fn the_maker_and_owners_of_the_project_see_a_link_and_nobody_else_does() {
    let (database, now) = with_file().await;
    let maker = testkit::another(database.store(), Some(Role::Editor)).await;
    let colleague = testkit::another(database.store(), Some(Role::Editor)).await;
    let new = NewLink {
        user_id: maker,
        ..link(Shared::Simulation(SIMULATION), now)
    };
    committed!(&database, links::insert, &new).unwrap();
    let client = client(&database).await;
    for user in [maker, rows::USER] {
        let seen = links::get(&client, user, LINK).await.unwrap();
        assert_eq!(seen.shared, Shared::Simulation(SIMULATION));
        assert_eq!(
            seen.name,
            rows::bed(BED).name,
            "a study is named after its bed"
        );
        assert!(!seen.has_password);
    }
    let hidden = links::get(&client, colleague, LINK).await;
    assert!(matches!(hidden, Err(Error::NotFound { .. })), "{hidden:?}");
    assert_eq!(list(&database, maker).await.len(), 1);
    assert_eq!(list(&database, rows::USER).await, []);
}

#[tokio::test]
async fn a_link_that_is_revoked_or_over_opens_nothing() {
    let (database, now) = with_file().await;
    committed!(&database, links::insert, &link(Shared::File(FILE), now)).unwrap();
    assert!(opens(&database, now).await);
    let later = now + SignedDuration::from_hours(25);
    assert!(!opens(&database, later).await);
    let stranger = testkit::another(database.store(), None).await;
    for (user, works) in [(stranger, false), (rows::USER, true), (rows::USER, false)] {
        let revoked = committed!(&database, links::revoke, user, LINK, now).unwrap();
        assert_eq!(revoked, works);
    }
    assert!(!opens(&database, now).await);
    assert!(!committed!(&database, links::count, LINK, now).unwrap());
    assert_eq!(list(&database, rows::USER).await[0].revoked_at, Some(now));
}

#[tokio::test]
async fn a_link_of_somebody_who_may_no_longer_share_opens_nothing() {
    let (database, now) = with_file().await;
    let maker = testkit::another(database.store(), Some(Role::Editor)).await;
    let new = NewLink {
        user_id: maker,
        ..link(Shared::File(FILE), now)
    };
    committed!(&database, links::insert, &new).unwrap();
    assert!(opens(&database, now).await);
    let demoted = committed!(
        &database,
        store::project_members::set_role,
        rows::PROJECT,
        maker,
        Role::Viewer
    );
    demoted.unwrap();
    assert!(!opens(&database, now).await);
}

#[tokio::test]
async fn of_many_downloads_at_once_as_many_count_as_are_allowed() {
    let (database, now) = with_file().await;
    let new = NewLink {
        max_downloads: Some(3),
        ..link(Shared::File(FILE), now)
    };
    committed!(&database, links::insert, &new).unwrap();
    let downloads = (0..8).map(|_| async { committed!(&database, links::count, LINK, now) });
    let counted = futures::future::join_all(downloads).await;
    let counted = counted.into_iter().filter(|one| *one.as_ref().unwrap());
    assert_eq!(counted.count(), 3);
    assert!(!opens(&database, now).await);
    let kept = &list(&database, rows::USER).await[0];
    assert_eq!((kept.downloads, kept.last_downloaded_at), (3, Some(now)));
}

#[tokio::test]
async fn only_what_one_may_change_is_shared_and_what_one_does_not_see_is_not_there() {
    let (database, _) = with_file().await;
    let viewer = testkit::another(database.store(), Some(Role::Viewer)).await;
    let stranger = testkit::another(database.store(), None).await;
    let client = client(&database).await;
    for shared in [Shared::File(FILE), Shared::Simulation(SIMULATION)] {
        let by = |user_id| Access {
            user_id,
            at_least: Role::Editor,
        };
        let project = links::project_of(&client, by(rows::USER), shared).await;
        assert_eq!(project.unwrap(), rows::PROJECT);
        let refused = links::project_of(&client, by(viewer), shared).await;
        assert!(
            matches!(refused, Err(Error::Forbidden { .. })),
            "{refused:?}"
        );
        let missing = links::project_of(&client, by(stranger), shared).await;
        assert!(
            matches!(missing, Err(Error::NotFound { .. })),
            "{missing:?}"
        );
    }
}
