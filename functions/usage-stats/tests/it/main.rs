//! The function on a real Postgres.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use jiff::Timestamp;
use runtime::SystemIds;
use serde_json::Value;
use store::Store;
use store::usage::{By, Whose, sums};
use testkit::rows::{PROJECT, USER};
use testkit::{Cloud, Database};
use uuid::Uuid;
use worker::Parts;

async fn run(database: &Database, sql: &str) {
    let client = database.store().client().await.unwrap();
    client.batch_execute(sql).await.unwrap();
}

async fn parts(database: &Database) -> Parts {
    let cloud = Cloud::new().await;
    Parts {
        store: database.store().clone(),
        queue: cloud.queue,
        objects: cloud.objects,
        ids: std::sync::Arc::new(SystemIds),
        live: worker::Live::default(),
    }
}

fn hour(number: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 / 3600 * 3600 + 3600 * number).unwrap()
}

async fn rolled_up(parts: &Parts, number: i64) -> (i64, i64) {
    let outcome = usage_stats::handle(parts, hour(number)).await.unwrap();
    let count = |of: &str| outcome[of].as_i64().unwrap();
    (count("hours"), count("days"))
}

async fn total(store: &Store, by: By, whose: Whose, kind: &str) -> i64 {
    let client = store.client().await.unwrap();
    let (from, to) = (
        Timestamp::UNIX_EPOCH,
        "2100-01-01T00:00:00Z".parse().unwrap(),
    );
    let sums = sums(&client, whose, by, from, to).await.unwrap();
    let of_kind = sums.iter().filter(|sum| sum.kind == kind);
    of_kind.map(|sum| sum.amount).sum()
}

const EVENTS: &str = "
    INSERT INTO usage_events (at, user_id, project_id, kind, amount)
    SELECT now() - make_interval(mins => n * 7), CASE n % 3 WHEN 0 THEN NULL ELSE '00000000-0000-7000-8000-000000000a11'::uuid END,
        NULL, CASE n % 2 WHEN 0 THEN 'downloads' ELSE 'bytes_downloaded' END, n
    FROM generate_series(1, 500) n";

#[tokio::test]
async fn sums_are_those_of_the_events_by_hour_and_by_day() {
    let database = testkit::database().await;
    let parts = parts(&database).await;
    run(&database, EVENTS).await;
    rolled_up(&parts, 1).await;
    run(
        &database,
        "DO $$ BEGIN
            ASSERT (SELECT sum(amount) FROM usage_hourly) = 500 * 501 / 2;
            ASSERT NOT EXISTS (
                (SELECT date_trunc('hour', at, 'UTC'), kind, user_id, project_id, sum(amount), count(*) FROM usage_events GROUP BY 1, 2, 3, 4)
                EXCEPT SELECT hour, kind, user_id, project_id, amount, events FROM usage_hourly);
            ASSERT NOT EXISTS (
                (SELECT date_trunc('day', at, 'UTC'), kind, user_id, project_id, sum(amount), count(*) FROM usage_events GROUP BY 1, 2, 3, 4)
                EXCEPT SELECT day, kind, user_id, project_id, amount, events FROM usage_daily);
        END $$",
    )
    .await;
}

#[tokio::test]
async fn a_rerun_changes_nothing() {
    let database = testkit::database().await;
    let parts = parts(&database).await;
    run(&database, EVENTS).await;
    let (hours, days) = rolled_up(&parts, 1).await;
    assert!(hours > 100 && days >= 3, "{hours} {days}");
    assert_eq!(rolled_up(&parts, 2).await, (0, 0));
    let again = usage_stats::roll_up(&parts.store, Timestamp::UNIX_EPOCH).await;
    let again: Value = again.unwrap();
    assert_eq!((&again["hours"], &again["days"]), (&0.into(), &0.into()));
}

#[tokio::test]
async fn what_comes_late_is_taken_in_by_the_next_run() {
    let database = testkit::database().await;
    let parts = parts(&database).await;
    run(&database, EVENTS).await;
    rolled_up(&parts, 1).await;
    run(
        &database,
        "INSERT INTO usage_events (at, kind, amount) VALUES (now() - interval '20 days', 'requests', 7)",
    )
    .await;
    assert_eq!(rolled_up(&parts, 2).await, (1, 1));
    let everybody = Whose::Everybody;
    assert_eq!(
        total(&parts.store, By::Hour, everybody, "requests").await,
        7
    );
    assert_eq!(total(&parts.store, By::Day, everybody, "requests").await, 7);
}

#[tokio::test]
async fn a_row_committed_after_a_run_that_had_not_seen_it_is_taken_in_as_well() {
    let database = testkit::database().await;
    let parts = parts(&database).await;
    run(&database, EVENTS).await;
    let mut slow = database.store().client().await.unwrap();
    let tx = slow.transaction().await.unwrap();
    tx.batch_execute("INSERT INTO usage_events (kind, amount) VALUES ('requests', 3)")
        .await
        .unwrap();
    rolled_up(&parts, 1).await;
    tx.commit().await.unwrap();
    assert_eq!(rolled_up(&parts, 2).await, (1, 1));
}

#[tokio::test]
async fn an_event_that_comes_too_late_is_refused() {
    let database = testkit::database().await;
    let client = database.store().client().await.unwrap();
    let sql = "INSERT INTO usage_events (at, kind, amount) VALUES (now() - interval '31 days', 'requests', 1)";
    let refused = client.batch_execute(sql).await.unwrap_err();
    assert!(
        format!("{refused:?}").contains("not_too_late"),
        "{refused:?}"
    );
}

/// A bed with a packing job that ended after a held minute, and a file.
const STUDY: &str = "
    INSERT INTO jobs (id, kind, bed_id, created_by, input, max_attempts, attempt, status, lease_token, lease_expires_at)
    SELECT gen_random_uuid(), 'packing', id, created_by, '{}', 3, 1, 'running', gen_random_uuid(), now() FROM beds;
    INSERT INTO job_events (job_id, seq, at, kind) SELECT id, 1, now() - interval '90 s', 'claimed' FROM jobs;
    INSERT INTO job_events (job_id, seq, at, kind) SELECT id, 2, now() - interval '60 s', 'retry' FROM jobs;
    INSERT INTO job_events (job_id, seq, at, kind) SELECT id, 3, now() - interval '30 s', 'claimed' FROM jobs;
    INSERT INTO job_events (job_id, seq, at, kind) SELECT id, 4, now(), 'completed' FROM jobs;
    UPDATE jobs SET status = 'completed', finished_at = now(), lease_token = NULL, lease_expires_at = NULL;
    INSERT INTO bed_files (id, bed_id, kind, name, object_key, content_type, bytes, sha256)
    SELECT gen_random_uuid(), id, 'table', 'a.csv', 'artifacts/a/a.csv', 'text/csv', 1000, repeat('a', 64) FROM beds;";

#[tokio::test]
async fn jobs_and_files_are_counted_and_stay_so_when_their_bed_goes() {
    let database = testkit::database().await;
    let parts = parts(&database).await;
    let mut client = database.store().client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    let bed = testkit::rows::bed(Uuid::from_u128(5));
    store::beds::insert(&tx, &bed).await.unwrap();
    tx.commit().await.unwrap();
    run(&database, STUDY).await;
    run(&database, "DELETE FROM beds").await;
    rolled_up(&parts, 1).await;

    for whose in [Whose::Project(PROJECT), Whose::Person(USER, Some(PROJECT))] {
        for (kind, amount) in [
            ("jobs.packing.completed", 1),
            ("engine_ms.packing", 60_000),
            ("bytes_stored", 1000),
            ("bytes_deleted", 1000),
        ] {
            assert_eq!(
                total(&parts.store, By::Day, whose, kind).await,
                amount,
                "{kind}"
            );
        }
    }
}
