//! The deployed clean-up: rows whose time is over, and objects that nothing refers to any more.

use serde_json::json;
use system_tests::Call;
use tokio::time::timeout;

use crate::api::Api;
use crate::stack::Stack;
use crate::study::LIMIT;

/// The times after which rows and objects go are days: the database is told that they have passed.
const DAYS_PASS: &str = "
    UPDATE object_tombstones SET since = since - interval '2 days';
    UPDATE fileshare_items SET created_at = created_at - interval '30 days', expires_at = expires_at - interval '30 days',
        last_downloaded_at = last_downloaded_at - interval '30 days'";

/// Expects two links, both of which have ended.
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

    assert_eq!(links(api).await, 2);
    stack.sql(DAYS_PASS).await;
    each_minute(stack, "CleanupSchedule").await;
    let removed = async { while uploads(stack).await > 0 || links(api).await > 0 {} };
    timeout(LIMIT, removed)
        .await
        .expect("the schedule starts the clean-up, which removes them");
}

/// Makes a schedule, otherwise as deployed, one that a test can wait for.
async fn each_minute(stack: &Stack, schedule: &str) {
    let name = json!({ "Name": stack.deployment.resource(schedule).unwrap() });
    let show = Call::new("scheduler", "get_schedule", name.clone());
    let deployed = stack.deployment.call(show).await.unwrap();
    let mut changed = name;
    for kept in ["FlexibleTimeWindow", "Target", "State"] {
        changed[kept] = deployed[kept].clone();
    }
    changed["ScheduleExpression"] = json!("rate(1 minute)");
    let change = Call::new("scheduler", "update_schedule", changed);
    stack.deployment.call(change).await.unwrap();
}

async fn links(api: &Api) -> usize {
    let listed = api.get("/fileshare").await;
    listed["links"].as_array().unwrap().len()
}

async fn uploads(stack: &Stack) -> u64 {
    let bucket = stack.deployment.output("Bucket").unwrap();
    let of = json!({ "Bucket": bucket, "Prefix": "uploads/" });
    let list = Call::new("s3", "list_objects_v2", of);
    let listed = stack.deployment.call(list).await.unwrap();
    listed["KeyCount"].as_u64().unwrap()
}
