use leito_http::testing::{post, send};
use serde_json::{Value, json};
use testkit::rows;

use crate::support::*;

#[tokio::test]
async fn ten_thousand_metrics_are_posted_at_once_and_not_stored_twice() {
    let world = world().await;
    let many: Vec<Value> = (0..10_000)
        .map(|n| {
            let mut metric = metric(n, n as f64);
            metric["key"] = json!(format!("import {n}"));
            metric["error_rate"] = json!(0.25);
            metric
        })
        .collect();
    let body = json!({ "metrics": many });
    let first = world.post(body.clone()).await;
    assert_eq!(
        (&first["stored"], &first["repeated"]),
        (&json!(10_000), &json!(0))
    );
    let second = world.post(body).await;
    assert_eq!(
        (&second["stored"], &second["repeated"]),
        (&json!(0), &json!(10_000))
    );
    let stored = "SELECT count(*) FROM metrics WHERE error_rate = 0.25 AND user_id IS NOT NULL";
    assert_eq!(world.count(stored).await, 10_000);
    let recorded = "SELECT count(*) FROM automation_audits WHERE kind = 'metric' AND (meta ->> 'stored')::int = 10000";
    assert_eq!(world.count(recorded).await, 1);
}

#[tokio::test]
async fn each_bad_metric_of_many_is_named_and_the_good_ones_are_stored() {
    let world = world().await;
    let bad = [
        json!({ "kind": "import" }),
        json!({ "kind": "import", "error_rate": 1.5 }),
        json!({ "kind": "Not a kind", "error_rate": 0.5 }),
        json!({ "kind": "import", "error_rate": "much" }),
        json!({ "kind": "import", "error_rate": 0.5, "mood": "good" }),
        json!({ "kind": "import", "error_rate": 0.5, "timestamp": "1999-12-31T23:59:59Z" }),
        json!({ "kind": "import", "error_rate": 0.5, "timestamp": "2026-04-02T00:00:00Z" }),
        json!({ "kind": "import", "error_rate": 0.5, "key": "" }),
        json!({ "kind": "import", "error_rate": 0.5, "project_id": uuid::Uuid::from_u128(9) }),
        json!(7),
    ];
    let many: Vec<Value> = bad
        .iter()
        .flat_map(|it| [it.clone(), metric(1, 1.0)])
        .collect();
    let answer = send(
        &world.router,
        post(METRICS, json!({ "metrics": many }).to_string()),
    )
    .await
    .is(200);
    assert_eq!(
        (&answer["stored"], &answer["refused_count"]),
        (&json!(10), &json!(10))
    );
    let refused = answer["refused"].as_array().unwrap();
    let pointers: Vec<&str> = refused
        .iter()
        .map(|it| it["pointer"].as_str().unwrap())
        .collect();
    let expected = [
        "/metrics/0",
        "/metrics/2/error_rate",
        "/metrics/4/kind",
        "/metrics/6/error_rate",
        "/metrics/8/mood",
        "/metrics/10/timestamp",
        "/metrics/12/timestamp",
        "/metrics/14/key",
        "/metrics/16/project_id",
        "/metrics/18",
    ];
    assert_eq!(pointers, expected);
    assert_eq!(refused[3]["index"], 6);
}

#[tokio::test]
async fn one_metric_needs_no_list() {
    let world = world().await;
    assert_eq!(world.post(metric(0, 5.0)).await["stored"], 1);
    let now = world
        .post(json!({ "kind": "import", "memory_usage_mb": 1 }))
        .await;
    assert_eq!(now["stored"], 1);
    let at = format!(
        "SELECT count(*) FROM metrics WHERE \"timestamp\" = '{NOON}' AND project_id IS NULL"
    );
    assert_eq!(world.count(&at).await, 1);
    let bad = send(
        &world.router,
        post(
            METRICS,
            json!({ "kind": "x", "error_rate": -1 }).to_string(),
        ),
    )
    .await;
    let problem = bad.is_problem(422, "invalid_body");
    assert_eq!(problem["errors"][0]["pointer"], "/error_rate");
}

#[tokio::test]
async fn too_many_or_none_are_refused_as_a_whole() {
    let world = world().await;
    let metric = json!({ "kind": "x", "error_rate": 0 });
    for body in [
        json!({ "metrics": [] }),
        json!({ "metrics": 7 }),
        json!({ "metrics": vec![metric; 10_001] }),
        json!([]),
    ] {
        let answer = send(&world.router, post(METRICS, body.to_string())).await;
        answer.is_problem(422, "invalid_body");
    }
    let huge = json!({ "metrics": [{ "kind": "x", "key": "k".repeat(5 << 20), "error_rate": 0 }] });
    send(&world.router, post(METRICS, huge.to_string()))
        .await
        .is_problem(413, "too_large");
}

#[tokio::test]
async fn a_viewer_posts_nothing_into_the_project() {
    let world = world().await;
    for user in [VIEWER, STRANGER] {
        let router = world.as_user(user);
        let answer = send(&router, post(METRICS, metric(0, 1.0).to_string())).await;
        let problem = answer.is_problem(422, "invalid_body");
        assert_eq!(problem["errors"][0]["pointer"], "/project_id");
    }
    let admin = send(
        &world.as_user(ADMIN),
        post(METRICS, metric(0, 1.0).to_string()),
    )
    .await;
    assert_eq!(admin.is(200)["stored"], 1);
    let of_project = format!(
        "SELECT count(*) FROM metrics WHERE project_id = '{}'",
        rows::PROJECT
    );
    assert_eq!(world.count(&of_project).await, 1);
}

#[tokio::test]
async fn a_number_so_large_that_no_mean_could_hold_it_is_refused() {
    let world = world().await;
    for name in ["processing_time_ms", "memory_usage_mb"] {
        let mut huge = json!({ "kind": "import" });
        huge[name] = json!(1.1e12);
        let refused = send(&world.router, post(METRICS, huge.to_string())).await;
        let problem = refused.is_problem(422, "invalid_body");
        assert_eq!(problem["errors"][0]["pointer"], format!("/{name}"));
    }
    let mut most = metric(1, 1e12);
    most["memory_usage_mb"] = json!(1e12);
    let many = vec![most; 3];
    world.post(json!({ "metrics": many })).await;
    let series = world.series("metric=memory_usage_mb&range=24h").await;
    assert_eq!(series["points"][0]["mean"], json!(1e12));
}
