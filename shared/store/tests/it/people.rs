//! People: their accounts, their keys, and who is in a project.

use jiff::{SignedDuration, Timestamp};
use store::access::Role;
use store::api_keys::{self, NewKey, Opened};
use store::users::{self, NewUser};
use store::{Error, project_members, projects};
use testkit::{Database, rows};
use uuid::Uuid;

use crate::setup::*;

const ADA: Uuid = Uuid::from_u128(40);

async fn with_ada() -> Database {
    let database = testkit::database().await;
    let ada = NewUser {
        name: "Ada Lovelace".to_owned(),
        email: "ada@example.org".to_owned(),
        ..rows::user(ADA)
    };
    committed!(&database, users::insert, &ada).unwrap();
    database
}

#[tokio::test]
async fn an_account_is_found_by_its_address_in_any_case() {
    let database = with_ada().await;
    let client = client(&database).await;
    let found = users::find_by_email(&client, "ADA@Example.ORG").await;
    assert_eq!(found.unwrap().unwrap().id, ADA);
    let nobody = users::find_by_email(&client, "eve@example.org").await;
    assert_eq!(nobody.unwrap(), None);
    let missing = users::get(&client, Uuid::nil()).await;
    assert!(
        matches!(missing, Err(Error::NotFound { .. })),
        "{missing:?}"
    );
}

#[tokio::test]
async fn what_somebody_says_of_themselves_and_their_password_are_kept() {
    let database = with_ada().await;
    let cpf = Some("52998224725");
    let updated = committed!(&database, users::update, ADA, "Ada King", cpf).unwrap();
    assert_eq!(
        (updated.name.as_str(), updated.cpf.as_deref()),
        ("Ada King", cpf)
    );
    let hash = "$argon2id$v=19$x";
    committed!(&database, users::set_password, ADA, hash).unwrap();
    let kept = users::get(&client(&database).await, ADA).await.unwrap();
    assert_eq!(kept.password_hash.as_deref(), Some(hash));
    assert!(kept.updated_at > kept.created_at);
    let nobody = committed!(&database, users::update, Uuid::nil(), "Eve", None);
    assert!(matches!(nobody, Err(Error::NotFound { .. })), "{nobody:?}");
}

#[tokio::test]
async fn accounts_are_listed_from_the_newest_on_and_found_by_the_beginning_of_a_word() {
    let database = with_ada().await;
    let client = client(&database).await;
    let page = async |before, words| {
        let found = users::list(&client, before, (10, 0), words).await.unwrap();
        found.into_iter().map(|one| one.id).collect::<Vec<_>>()
    };
    let all = page(None, None).await;
    assert_eq!(all, [rows::USER, ADA]);
    assert_eq!(page(Some(rows::USER), None).await, [ADA]);
    assert_eq!(page(None, Some("lov")).await, [ADA]);
    assert!(
        page(None, Some("%")).await.is_empty(),
        "no word finds nobody"
    );
}

#[tokio::test]
async fn an_account_that_ends_takes_its_keys_with_it_and_the_last_administrator_stays() {
    let database = with_ada().await;
    committed!(&database, api_keys::insert, &key(1, None)).unwrap();
    committed!(&database, users::set_role, ADA, true).unwrap();
    let last = committed!(&database, users::lock_to_delete, ADA);
    assert!(matches!(last, Err(Error::LastOne(_))), "{last:?}");
    committed!(&database, users::set_role, rows::USER, true).unwrap();
    committed!(&database, users::lock_to_delete, ADA).unwrap();
    committed!(&database, users::delete, ADA).unwrap();
    let client = client(&database).await;
    assert_eq!(users::find(&client, ADA).await.unwrap(), None);
    assert_eq!(api_keys::open(&client, &[1; 32]).await.unwrap(), None);
}

fn key(number: u8, expires_at: Option<Timestamp>) -> NewKey {
    NewKey {
        id: Uuid::from_u128(u128::from(number)),
        user_id: ADA,
        name: "nightly sweep".to_owned(),
        hint: "leito_3f".to_owned(),
        key_hash: [number; 32],
        scopes: vec!["read".to_owned()],
        expires_at,
    }
}

#[tokio::test]
async fn a_key_opens_what_it_is_for_until_it_is_revoked() {
    let database = with_ada().await;
    let made = committed!(&database, api_keys::insert, &key(1, None)).unwrap();
    let client = client(&database).await;
    let opened = api_keys::open(&client, &[1; 32]).await.unwrap();
    let expected = Opened {
        id: made.id,
        user_id: ADA,
        scopes: made.scopes,
    };
    assert_eq!(opened, Some(expected));
    let used = api_keys::list(&client, ADA, None, (10, 0)).await.unwrap();
    assert!(used[0].last_used_at.is_some());
    let others = committed!(&database, api_keys::revoke, rows::USER, made.id);
    assert!(matches!(others, Err(Error::NotFound { .. })), "{others:?}");
    let revoked = committed!(&database, api_keys::revoke, ADA, made.id).unwrap();
    let again = committed!(&database, api_keys::revoke, ADA, made.id).unwrap();
    assert_eq!(
        revoked.revoked_at, again.revoked_at,
        "the first time stands"
    );
    assert_eq!(api_keys::open(&client, &[1; 32]).await.unwrap(), None);
}

#[tokio::test]
async fn keys_that_are_over_open_nothing_and_do_not_count() {
    let database = with_ada().await;
    let hour = SignedDuration::from_hours(1);
    let now = now(&database).await;
    let (past, future) = (now - hour, now + hour);
    for key in [key(1, None), key(2, Some(future)), key(3, Some(past))] {
        committed!(&database, api_keys::insert, &key).unwrap();
    }
    let client = client(&database).await;
    assert_eq!(api_keys::count(&client, ADA).await.unwrap(), 2);
    assert_eq!(api_keys::open(&client, &[3; 32]).await.unwrap(), None);
    let below = Some(Uuid::from_u128(3));
    let page = api_keys::list(&client, ADA, below, (1, 0)).await.unwrap();
    assert_eq!(page[0].id, Uuid::from_u128(2));
}

#[tokio::test]
async fn a_project_keeps_an_owner() {
    let database = with_ada().await;
    let project = rows::PROJECT;
    let last = committed!(&database, project_members::delete, project, rows::USER);
    assert!(matches!(last, Err(Error::LastOne(_))), "{last:?}");
    let set = project_members::set_role;
    let last = committed!(&database, set, project, rows::USER, Role::Viewer);
    assert!(matches!(last, Err(Error::LastOne(_))), "{last:?}");
    committed!(
        &database,
        project_members::insert,
        project,
        ADA,
        Role::Viewer
    )
    .unwrap();
    committed!(&database, set, project, ADA, Role::Owner).unwrap();
    let left = committed!(&database, project_members::delete, project, rows::USER).unwrap();
    assert_eq!((left.user_id, left.role), (rows::USER, Role::Owner));
    let client = client(&database).await;
    let members = project_members::list(&client, project, None, (10, 0))
        .await
        .unwrap();
    assert_eq!(
        (members.len(), members[0].user_id, members[0].role),
        (1, ADA, Role::Owner)
    );
    let after = project_members::list(&client, project, Some(ADA), (10, 0)).await;
    assert_eq!(after.unwrap(), []);
    let gone = project_members::get(&client, project, rows::USER).await;
    assert!(matches!(gone, Err(Error::NotFound { .. })), "{gone:?}");
}

#[tokio::test]
async fn who_is_in_a_project_cannot_be_taken_in_again() {
    let database = with_ada().await;
    let twice = committed!(
        &database,
        project_members::insert,
        rows::PROJECT,
        rows::USER,
        Role::Viewer
    );
    let conflict = matches!(&twice, Err(Error::Conflict { constraint, .. }) if constraint == "project_members_pkey");
    assert!(conflict, "{twice:?}");
}

#[tokio::test]
async fn projects_that_nobody_else_owns_are_named() {
    let database = with_ada().await;
    let owned = async |user| committed!(&database, project_members::owned_alone, user, 5).unwrap();
    assert_eq!(owned(rows::USER).await, ["Studies"]);
    assert!(owned(ADA).await.is_empty());
    committed!(
        &database,
        project_members::insert,
        rows::PROJECT,
        ADA,
        Role::Owner
    )
    .unwrap();
    assert!(owned(rows::USER).await.is_empty());
}

#[tokio::test]
async fn a_project_is_chosen_for_whoever_can_change_only_one() {
    let database = with_ada().await;
    let client = client(&database).await;
    let only = projects::only_writable(&client, rows::USER).await.unwrap();
    assert_eq!(only, Some(rows::PROJECT));
    assert_eq!(projects::only_writable(&client, ADA).await.unwrap(), None);
    let second = rows::project(Uuid::from_u128(50), rows::USER);
    committed!(&database, projects::insert, &second).unwrap();
    let only = projects::only_writable(&client, rows::USER).await.unwrap();
    assert_eq!(only, None, "it would be a guess");
}
