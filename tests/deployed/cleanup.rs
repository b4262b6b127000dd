//! The deployed clean-up: rows whose time is over, and objects that nothing refers to any more.

use serde_json::json;
use system_tests::Call;

use crate::api::Api;
use crate::stack::Stack;

/// The times after which rows and objects go are days: the database is told that they have passed.
const DAYS_PASS: &str = "
    UPDATE object_tombstones SET since = since - interval '2 days';
    UPDATE fileshare_items SET created_at = created_at - interval '30 days', expires_at = expires_at - interval '30 days',
        last_downloaded_at = last_downloaded_at - interval '30 days'";

/// Expects two links that have ended, and nothing else that has.
pub async fn what_nobody_needs_is_removed(stack: &Stack, api: &Api, bed: &str) {
    let file = api
        .upload(
            &format!("/beds/{bed}/upload?name=notes.txt&kind=other"),
            "seen",
        )
        .await;
    assert_eq!(uploads(stack).await, 1);
    let id = file["id"].as_str().unwrap();
    api.delete(&format!("/beds/{bed}/files/{id}")).await;
    assert_eq!(uploads(stack).await, 1, "a day of grace");

    stack.sql(DAYS_PASS).await;
    let now = json!({});
    let removed = stack.deployment.invoke("CleanupFunction", &now).await;
    let removed = removed.unwrap();
    assert_eq!(removed["rows"]["fileshare_items"], 2, "{removed}");
    assert!(removed["objects"].as_u64() >= Some(1), "{removed}");
    assert_eq!(uploads(stack).await, 0);
}

async fn uploads(stack: &Stack) -> u64 {
    let bucket = stack.deployment.output("Bucket").unwrap();
    let of = json!({ "Bucket": bucket, "Prefix": "uploads/" });
    let list = Call::new("s3", "list_objects_v2", of);
    let listed = stack.deployment.call(list).await.unwrap();
    listed["KeyCount"].as_u64().unwrap()
}
