//! The function against a real Postgres, called by hand and by deployments.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod deployment;

use serde_json::{Value, json};

#[tokio::test]
async fn an_empty_database_is_brought_to_this_release_and_then_left_alone() {
    let database = testkit::empty_database().await;
    let call = async || migrate::handle(database.url(), &Value::Null).await.unwrap();
    let first = call().await;
    assert_eq!(first["applied"], first["version"]);
    let second = call().await;
    assert_eq!(
        (&second["applied"], &second["version"]),
        (&json!(0), &first["version"])
    );
}
