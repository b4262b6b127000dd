//! The function against a real Postgres.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[tokio::test]
async fn an_empty_database_is_brought_to_this_release_and_then_left_alone() {
    let database = testkit::empty_database().await;
    let first = migrate::handle(database.url()).await.unwrap();
    assert_eq!(first["applied"], first["version"]);
    let second = migrate::handle(database.url()).await.unwrap();
    assert_eq!(
        (&second["applied"], &second["version"]),
        (&serde_json::json!(0), &first["version"])
    );
}
