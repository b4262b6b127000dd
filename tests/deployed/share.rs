//! Share links at the deployed gateway.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::api::Api;

/// How long the link that expires is good: longer than the function takes to make it.
const SECONDS: i64 = 10;

pub async fn a_link_is_good_once_and_until_its_time_is_over(api: &Api, file: &Value) {
    let once = json!({ "file_id": file["id"], "max_downloads": 1 });
    let made = api.post("/fileshare", &once).await;
    let path = made["path"].as_str().unwrap();
    let opened = api.open(path).await;
    assert_eq!(opened.status(), StatusCode::OK);
    let content = opened.bytes().await.unwrap();
    assert_eq!(content.len() as u64, file["bytes"].as_u64().unwrap());
    assert_eq!(api.open(path).await.status(), StatusCode::NOT_FOUND, "used");

    let short = json!({ "file_id": file["id"], "expires_at": soon_after(&made) });
    let made = api.post("/fileshare", &short).await;
    let path = made["path"].as_str().unwrap();
    assert_eq!(api.open(path).await.status(), StatusCode::OK);
    let link = format!("/fileshare/{}", made["link"]["id"].as_str().unwrap());
    while api.get(&link).await["state"] != "expired" {}
    assert_eq!(api.open(path).await.status(), StatusCode::NOT_FOUND);
}

/// By the clock of the functions, which made the first link just now.
fn soon_after(made: &Value) -> String {
    let created: jiff::Timestamp = made["link"]["created_at"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    (created + jiff::SignedDuration::from_secs(SECONDS)).to_string()
}
