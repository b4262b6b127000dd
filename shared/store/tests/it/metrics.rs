//! Metrics: what ended jobs leave, and how a course is found among a million of them.

use job::Failure;
use serde_json::json;
use store::metrics::{self, NewMetric, Values, Wanted};
use store::stage_outputs::{self, StageOutput};
use store::{jobs, simulations};
use testkit::{Database, rows};
use uuid::Uuid;

use crate::setup::*;

/// One row of numbers, as text: what is null stays visible.
async fn left(database: &Database, id: Uuid) -> Vec<String> {
    let query = "SELECT concat_ws(' ', kind, period, project_id = $2, user_id = $3, coalesce(round(ia_efficiency::numeric, 2)::float8::text, '-'),
            coalesce(model_accuracy::text, '-'), coalesce(memory_usage_mb::text, '-'), error_rate::text,
            processing_time_ms > 0) FROM metrics WHERE id = $1";
    let client = client(database).await;
    let rows = client
        .query(query, &[&id, &rows::PROJECT, &rows::USER])
        .await
        .unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

async fn began_an_hour_ago(database: &Database, id: Uuid) {
    run(
        database,
        &format!("UPDATE jobs SET started_at = now() - interval '1 hour' WHERE id = '{id}'"),
    )
    .await;
}

async fn finish_stage(
    database: &Database,
    job: &job::Claimed,
    key: &str,
    output: serde_json::Value,
) {
    let client = client(database).await;
    let row = StageOutput {
        key: key.repeat(64),
        stage: "packing".to_owned(),
        output,
        files: json!([]),
    };
    stage_outputs::publish(&client, &row).await.unwrap();
    let data = json!({ "stage": "packing", "key": row.key });
    jobs::note(&client, job, job::EventKind::StageFinished, &data)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_completed_job_leaves_what_was_measured_of_it() {
    let database = with_both_jobs().await;
    let packing = won(&database, PACKING, 1).await;
    began_an_hour_ago(&database, PACKING).await;
    let times = json!({ "times_s": { "setup": 60, "physics": 800, "export": 40, "analysis": 9000 }, "peak_memory_mb": 300 });
    finish_stage(&database, &packing, "a", times).await;
    committed!(&database, jobs::complete, &packing).unwrap();
    assert_eq!(
        left(&database, PACKING).await,
        ["packing job t t 0.25 - 300 0 t"]
    );

    let flow = won(&database, FLOW, 2).await;
    began_an_hour_ago(&database, FLOW).await;
    finish_stage(
        &database,
        &flow,
        "b",
        json!({ "seconds": 900, "peak_memory_mb": 500 }),
    )
    .await;
    finish_stage(
        &database,
        &flow,
        "c",
        json!({ "seconds": 1800, "peak_memory_mb": 400 }),
    )
    .await;
    let summary = json!({ "model_accuracy": 0.875 });
    committed!(
        &database,
        simulations::summarise,
        SIMULATION,
        None,
        &summary
    )
    .unwrap();
    committed!(&database, jobs::complete, &flow).unwrap();
    assert_eq!(
        left(&database, FLOW).await,
        ["flow job t t 0.75 0.875 500 0 t"]
    );
}

#[tokio::test]
async fn a_job_that_found_everything_in_the_store_took_no_engine() {
    let database = with_job().await;
    let packing = won(&database, PACKING, 1).await;
    began_an_hour_ago(&database, PACKING).await;
    committed!(&database, jobs::complete, &packing).unwrap();
    assert_eq!(
        left(&database, PACKING).await,
        ["packing job t t 0 - - 0 t"]
    );
}

#[tokio::test]
async fn numbers_that_are_none_keep_no_job_from_its_end() {
    let database = with_job().await;
    let packing = won(&database, PACKING, 1).await;
    began_an_hour_ago(&database, PACKING).await;
    let odd = json!({ "seconds": "many", "times_s": [1, "two"], "peak_memory_mb": null });
    finish_stage(&database, &packing, "a", odd).await;
    finish_stage(&database, &packing, "b", json!("none")).await;
    committed!(&database, jobs::complete, &packing).unwrap();
    assert_eq!(left(&database, PACKING).await.len(), 1);
}

#[tokio::test]
async fn failed_attempts_count_and_a_failed_job_is_all_failure() {
    let database = with_job().await;
    let failure = Failure::retry("out_of_memory", "no room");
    for token in 1..3 {
        let attempt = won(&database, PACKING, token).await;
        committed!(&database, jobs::end_attempt, &attempt, &failure).unwrap();
        assert_eq!(left(&database, PACKING).await, Vec::<String>::new());
        skip_backoff(&database).await;
    }
    let third = won(&database, PACKING, 3).await;
    began_an_hour_ago(&database, PACKING).await;
    committed!(&database, jobs::complete, &third).unwrap();
    let rate =
        format!("SELECT round(error_rate::numeric, 6)::text FROM metrics WHERE id = '{PACKING}'");
    let row = client(&database).await.query_one(&rate, &[]).await.unwrap();
    assert_eq!(row.get::<_, &str>(0), "0.666667");

    let database = with_both_jobs().await;
    let attempt = won(&database, PACKING, 1).await;
    began_an_hour_ago(&database, PACKING).await;
    committed!(
        &database,
        jobs::fail,
        &attempt,
        &Failure::permanent("no_bed", "no bed")
    )
    .unwrap();
    assert_eq!(
        left(&database, PACKING).await,
        ["packing job t t - - - 1 t"]
    );
    // The flow failed with it and was never tried.
    assert_eq!(left(&database, FLOW).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_metric_with_a_key_is_stored_once() {
    let database = testkit::database().await;
    let metric = |id: u128, key: Option<&str>| NewMetric {
        id: Uuid::from_u128(id),
        key: key.map(str::to_owned),
        project_id: None,
        user_id: Some(rows::USER),
        kind: "import".to_owned(),
        timestamp: jiff::Timestamp::UNIX_EPOCH,
        period: "hour".to_owned(),
        values: Values {
            error_rate: Some(0.5),
            ..Values::default()
        },
        is_sample: false,
    };
    let some = [
        metric(1, Some("a")),
        metric(2, Some("a")),
        metric(3, None),
        metric(4, None),
    ];
    assert_eq!(committed!(&database, metrics::insert, &some).unwrap(), 3);
    assert_eq!(
        committed!(&database, metrics::insert, &[metric(5, Some("a"))]).unwrap(),
        0
    );
}

/// Those of ten projects in three years, one of which is the caller's.
const A_MILLION: &str = r#"
    RESET ROLE;
    SET statement_timeout = 0;
    ALTER TABLE metrics DROP CONSTRAINT metrics_project_id_fkey, DROP CONSTRAINT metrics_user_id_fkey;
    DO $do$ DECLARE made record; BEGIN
        CREATE TEMPORARY TABLE indexes AS
            SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'metrics' AND indexname <> 'metrics_pkey';
        FOR made IN SELECT * FROM indexes LOOP EXECUTE 'DROP INDEX ' || made.indexname; END LOOP;
        INSERT INTO metrics (id, project_id, user_id, kind, "timestamp", error_rate)
        SELECT lpad(to_hex(n), 32, '0')::uuid,
            CASE WHEN n % 10 = 0 THEN $project$::uuid ELSE md5((n % 10)::text)::uuid END,
            md5((n % 100)::text)::uuid, 'kind-' || n % 7, now() - n * interval '95 seconds', (n % 100) / 100.0
        FROM generate_series(1, 1000000) n;
        FOR made IN SELECT * FROM indexes LOOP EXECUTE made.indexdef; END LOOP;
    END $do$;
    ANALYZE metrics, projects, project_members, users;
    RESET statement_timeout;
    SET ROLE leito_app;
"#;

#[tokio::test]
async fn among_a_million_metrics_a_course_is_found_by_index() {
    let database = testkit::database().await;
    let insert = A_MILLION.replace("$project$", &format!("'{}'", rows::PROJECT));
    run(&database, &insert).await;
    let statements = store::statements();
    let series = statements
        .iter()
        .find(|text| text.contains("percentile_cont"))
        .unwrap();
    let client = client(&database).await;
    client
        .batch_execute(&format!("PREPARE course AS {series}"))
        .await
        .unwrap();
    let user = format!("'{}'", rows::USER);
    let project = format!("'{}'", rows::PROJECT);
    for mode in ["force_custom_plan", "force_generic_plan"] {
        client
            .batch_execute(&format!("SET plan_cache_mode = {mode}"))
            .await
            .unwrap();
        for project in ["NULL", project.as_str()] {
            for from in ["now() - interval '30 days'", "now() - interval '1 day'"] {
                let explain = format!(
                    "EXPLAIN EXECUTE course ({user}, {project}, {from}, now(), 'error_rate', 'kind', NULL, NULL, 300, 12)"
                );
                let rows = client.query(&explain, &[]).await.unwrap();
                let plan: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
                let plan = plan.join("\n");
                assert!(plan.contains("metrics_project"), "{plan}");
                assert!(
                    !plan.contains("Seq Scan on metrics"),
                    "{mode} {project} {from}\n{plan}"
                );
            }
        }
    }
    let wanted = Wanted {
        metric: "error_rate",
        project_id: None,
        kind: None,
        user_id: None,
        from: None,
        to: jiff::Timestamp::MAX,
        group_by: None,
        points: 300,
        groups: 12,
    };
    let all = metrics::series(&client, rows::USER, &wanted).await.unwrap();
    let counted: i64 = all.groups[0]
        .buckets
        .iter()
        .map(|bucket| bucket.count)
        .sum();
    assert_eq!((all.groups.len(), counted), (1, 100_000));
    assert!(all.groups[0].buckets.len() <= 300);
}

/// The plan of the statement that has all of these words, with null for every parameter.
async fn plan(words: &[&str], parameters: &str) -> String {
    let database = testkit::database().await;
    let client = client(&database).await;
    let statements = store::statements();
    let found = statements
        .iter()
        .find(|text| words.iter().all(|word| text.contains(word)));
    client
        .batch_execute("SET enable_seqscan = off; SET enable_bitmapscan = off; SET plan_cache_mode = force_generic_plan")
        .await
        .unwrap();
    client
        .batch_execute(&format!("PREPARE it AS {}", found.unwrap()))
        .await
        .unwrap();
    let rows = client
        .query(&format!("EXPLAIN EXECUTE it ({parameters})"), &[])
        .await
        .unwrap();
    rows.iter()
        .map(|row| row.get::<_, String>(0))
        .collect::<Vec<_>>()
        .join("\n")
}

#[tokio::test]
async fn lists_and_links_are_found_by_index() {
    let mine = plan(&["FROM fileshare_items", "LIMIT"], "NULL, NULL, 20, 0").await;
    assert!(
        mine.contains("fileshare_items_user") && !mine.contains("Sort"),
        "{mine}"
    );
    let opened = plan(&["FROM fileshare_items", "downloads_left"], "NULL, NULL").await;
    assert!(
        opened.contains("fileshare_items_token_hash_key"),
        "{opened}"
    );
    let counted = plan(&["downloads = downloads + 1"], "NULL, NULL").await;
    assert!(counted.contains("fileshare_items_pkey"), "{counted}");
    let dashboards = plan(
        &["FROM dashboards", "project_members"],
        "NULL, NULL, NULL, 20, 0",
    )
    .await;
    assert!(
        dashboards.contains("dashboards_") && !dashboards.contains("Seq Scan on dashboards"),
        "{dashboards}"
    );
    let all = plan(
        &["FROM dashboards", "$4", "OFFSET", "$1::uuid IS NULL"],
        "NULL, NULL, 20, 0",
    )
    .await;
    assert!(
        all.contains("dashboards_pkey") && !all.contains("Sort"),
        "{all}"
    );
    let course = plan(
        &["percentile_cont"],
        "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 300, 12",
    )
    .await;
    assert!(
        course.contains("metrics_project") && !course.contains("Seq Scan on metrics"),
        "{course}"
    );
}
