use leito_http::testing::{get, send};
use serde_json::{Value, json};

use crate::support::*;

fn points(series: &Value) -> &Vec<Value> {
    series["points"].as_array().unwrap()
}

#[tokio::test]
async fn no_data_is_an_empty_course_that_says_so() {
    let world = world().await;
    for range in ["24h", "7d", "30d", "all"] {
        let series = world
            .series(&format!("metric=error_rate&range={range}"))
            .await;
        assert_eq!(series["points"], json!([]));
        let message = series["message"].as_str().unwrap();
        assert!(message.starts_with("no data"), "{message}");
    }
}

#[tokio::test]
async fn a_bucket_holds_count_extremes_mean_and_percentiles() {
    let world = world().await;
    let many: Vec<Value> = (1..=101).map(|n| metric(30, f64::from(n))).collect();
    world.post(json!({ "metrics": many })).await;
    let series = world.series("metric=processing_time_ms&range=24h").await;
    assert_eq!(
        (&series["unit"], &series["message"]),
        (&json!("ms"), &Value::Null)
    );
    let [point] = points(&series).as_slice() else {
        panic!("{series}")
    };
    let names = ["count", "min", "mean", "max", "p50", "p95", "p99"];
    let of = |name: &str| format!("{:.3}", point[name].as_f64().unwrap());
    assert_eq!(
        names.map(of),
        [
            "101.000", "1.000", "51.000", "101.000", "51.000", "96.000", "100.000"
        ]
    );
    assert_eq!(point["at"], "2026-03-31T11:30:00Z");
}

#[tokio::test]
async fn a_course_has_no_more_points_than_a_chart_can_show_and_counts_every_metric() {
    let world = world().await;
    let many: Vec<Value> = (0..5000).map(|n| metric(n * 17, 1.0)).collect();
    world.post(json!({ "metrics": many })).await;
    for (query, most, all) in [
        ("range=24h", 300, 24 * 60 / 17 + 1),
        ("range=7d", 300, 7 * 24 * 60 / 17 + 1),
        ("range=30d", 300, 30 * 24 * 60 / 17 + 1),
        ("range=all", 300, 5000),
        ("range=all&points=2", 2, 5000),
        ("range=all&points=2000", 2000, 5000),
        (
            "from=2026-03-31T11:00:00Z&to=2026-03-31T11:59:00Z&points=7",
            7,
            3,
        ),
    ] {
        let series = world
            .series(&format!("metric=processing_time_ms&{query}"))
            .await;
        let counted: i64 = points(&series)
            .iter()
            .map(|it| it["count"].as_i64().unwrap())
            .sum();
        assert!(
            (1..=most).contains(&points(&series).len()),
            "{query}: {}",
            points(&series).len()
        );
        assert_eq!(counted, all, "{query}");
        assert_eq!(series["groups"][0]["count"], all);
    }
}

#[tokio::test]
async fn courses_are_cut_by_kind_project_and_user() {
    let world = world().await;
    let mut other = metric(1, 3.0);
    other["kind"] = json!("export");
    world
        .post(json!({ "metrics": [metric(1, 1.0), metric(2, 1.0), other] }))
        .await;
    let by_kind = world
        .series("metric=processing_time_ms&group_by=kind")
        .await;
    let groups: Vec<_> = by_kind["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["group"])
        .collect();
    assert_eq!(groups, [&json!("import"), &json!("export")]);
    assert_eq!(points(&by_kind).last().unwrap()["group"], "export");
    let by_project = world
        .series("metric=processing_time_ms&group_by=project")
        .await;
    assert_eq!(by_project["groups"][0]["name"], "Studies");
    let by_user = world
        .series("metric=processing_time_ms&group_by=user")
        .await;
    assert_eq!(by_user["groups"][0]["name"], "Ada Example");
    let only = world.series("metric=processing_time_ms&kind=export").await;
    assert_eq!(points(&only)[0]["mean"], 3.0);
    let nobody = format!("metric=processing_time_ms&user_id={STRANGER}");
    assert_eq!(points(&world.series(&nobody).await).len(), 0);
}

#[tokio::test]
async fn of_many_kinds_those_with_the_most_metrics_are_shown() {
    let world = world().await;
    let many: Vec<Value> = (0..15)
        .flat_map(|kind| (0..=kind).map(move |n| (kind, n)))
        .map(|(kind, n)| {
            let mut metric = metric(n, 1.0);
            metric["kind"] = json!(format!("kind-{kind}"));
            metric
        })
        .collect();
    world.post(json!({ "metrics": many })).await;
    let series = world
        .series("metric=processing_time_ms&group_by=kind")
        .await;
    let groups = series["groups"].as_array().unwrap();
    assert_eq!((groups.len(), &series["groups_left_out"]), (12, &json!(3)));
    assert_eq!(
        (&groups[0]["group"], &groups[0]["count"]),
        (&json!("kind-14"), &json!(15))
    );
    assert_eq!(groups[11]["group"], "kind-3");
}

#[tokio::test]
async fn samples_are_told_apart() {
    let world = world().await;
    let mut sample = metric(1, 1.0);
    sample["is_sample"] = json!(true);
    world
        .post(json!({ "metrics": [sample, metric(1, 1.0)] }))
        .await;
    assert_eq!(
        world.series("metric=processing_time_ms").await["samples"],
        1
    );
}

#[tokio::test]
async fn a_query_that_makes_no_sense_is_refused() {
    let world = world().await;
    for query in [
        "",
        "metric=mood",
        "metric=error_rate&range=1y",
        "metric=error_rate&range=7d&from=2026-01-01T00:00:00Z",
        "metric=error_rate&from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z",
        "metric=error_rate&from=yesterday",
        "metric=error_rate&points=1",
        "metric=error_rate&points=2001",
        "metric=error_rate&group_by=mood",
        "metric=error_rate&colour=red",
    ] {
        let answer = send(&world.router, get(&format!("{METRICS}/series?{query}"))).await;
        answer.is_problem(400, "invalid_query");
    }
}
