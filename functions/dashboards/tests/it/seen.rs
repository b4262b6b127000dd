//! Who sees which metrics.

use leito_http::testing::{get, post, send};
use serde_json::json;
use testkit::rows;
use uuid::Uuid;

use crate::support::*;

#[tokio::test]
async fn people_see_the_metrics_of_their_projects_and_their_own() {
    let world = world().await;
    world.post(metric(1, 1.0)).await;
    let own =
        json!({ "kind": "own", "processing_time_ms": 2, "timestamp": "2026-03-31T11:00:00Z" });
    for user in [rows::USER, VIEWER, STRANGER] {
        send(&world.as_user(user), post(METRICS, own.to_string()))
            .await
            .is(200);
    }
    let seen = async |user: Uuid, query: &str| {
        let path = format!("{METRICS}/series?metric=processing_time_ms&{query}");
        let series = send(&world.as_user(user), get(&path)).await.is(200);
        let points = series["points"].as_array().unwrap();
        points
            .iter()
            .map(|it| it["count"].as_i64().unwrap())
            .sum::<i64>()
    };
    let of_project = format!("project_id={}", rows::PROJECT);
    for (user, all, in_project) in [
        (rows::USER, 2, 1),
        (VIEWER, 2, 1),
        (STRANGER, 1, 0),
        (ADMIN, 4, 1),
    ] {
        for range in ["range=24h", "range=all"] {
            assert_eq!(seen(user, range).await, all, "{user} {range}");
            let narrow = format!("{range}&{of_project}");
            assert_eq!(seen(user, &narrow).await, in_project, "{user} {narrow}");
        }
    }
    assert_eq!(seen(ADMIN, &format!("user_id={VIEWER}")).await, 1);
    let path = format!("{METRICS}/export.csv?{of_project}");
    let table = send(&world.as_user(STRANGER), get(&path)).await;
    assert_eq!(String::from_utf8(table.body).unwrap().lines().count(), 1);
}
