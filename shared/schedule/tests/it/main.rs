//! Runs on a real Postgres.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::convert::Infallible;
use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use runtime::{Ids, SystemIds};
use schedule::{CLEANUP, Ended, Error, run};
use serde_json::{Value, json};
use store::Store;
use store::scheduled_runs::{self, Run};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

const TEN: &str = "2026-03-01T10:00:00Z";
const ELEVEN: &str = "2026-03-01T11:00:00Z";

async fn runs(store: &Store) -> Vec<(String, Option<bool>, i32, Option<Value>)> {
    let client = store.client().await.unwrap();
    let sql = "SELECT to_char(scheduled_for, 'HH24') AS hour, succeeded, attempt, outcome
        FROM scheduled_runs ORDER BY scheduled_for";
    let rows = client.query(sql, &[]).await.unwrap();
    rows.iter()
        .map(|row| (row.get(0), row.get(1), row.get(2), row.get(3)))
        .collect()
}

/// A run that began for `time`, was to last so long, and was never heard of again.
async fn crashed(store: &Store, time: &str, lasts: Duration) -> Run<'static> {
    let run = Run {
        name: CLEANUP.name,
        scheduled_for: at(time),
        token: SystemIds.next(),
    };
    let client = store.client().await.unwrap();
    let begun = scheduled_runs::begin(&client, run, lasts).await.unwrap();
    assert_eq!(begun, Some(1));
    run
}

async fn done(store: &Store, time: &str) -> Ended {
    let work = async |_| Ok::<_, Infallible>(json!({ "removed": 1 }));
    run(store, &SystemIds, CLEANUP, at(time), work)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_events_for_one_time_one_has_an_effect() {
    let database = testkit::database().await;
    let effects = AtomicU32::new(0);
    let event = || async {
        let work = async |_| {
            effects.fetch_add(1, Ordering::Relaxed);
            Ok::<_, Infallible>(json!({}))
        };
        run(database.store(), &SystemIds, CLEANUP, at(TEN), work)
            .await
            .unwrap()
    };
    let ended = tokio::join!(event(), event(), event(), event());
    let ended = [ended.0, ended.1, ended.2, ended.3];
    assert_eq!(effects.load(Ordering::Relaxed), 1);
    let elsewhere = ended.iter().filter(|ended| **ended == Ended::Elsewhere);
    assert_eq!(elsewhere.count(), 3);
    assert_eq!(
        done(database.store(), ELEVEN).await,
        Ended::Done(json!({ "removed": 1 }))
    );
}

#[tokio::test]
async fn a_failed_run_says_why_and_is_tried_again_for_the_same_time() {
    let database = testkit::database().await;
    let store = database.store();
    let work = async |_| Err::<Value, _>(io::Error::other("no room"));
    let failed = run(store, &SystemIds, CLEANUP, at(TEN), work).await;
    assert!(matches!(failed, Err(Error::Work { .. })), "{failed:?}");
    let why = Some(json!({ "error": "no room" }));
    assert_eq!(runs(store).await, [("10".to_owned(), None, 1, why)]);

    assert!(matches!(done(store, TEN).await, Ended::Done(_)));
    let outcome = Some(json!({ "removed": 1 }));
    assert_eq!(
        runs(store).await,
        [("10".to_owned(), Some(true), 2, outcome)]
    );
}

#[tokio::test]
async fn a_run_that_may_still_be_alive_is_left_alone() {
    let database = testkit::database().await;
    crashed(database.store(), TEN, Duration::from_mins(1)).await;
    assert_eq!(done(database.store(), TEN).await, Ended::Elsewhere);
}

#[tokio::test]
async fn a_crashed_run_is_taken_over_after_its_deadline_and_cannot_finish_any_more() {
    let database = testkit::database().await;
    let store = database.store();
    let dead = crashed(store, TEN, Duration::ZERO).await;
    assert!(matches!(done(store, TEN).await, Ended::Done(_)));
    let client = store.client().await.unwrap();
    let late = scheduled_runs::finish(&client, dead, &json!({})).await;
    assert!(!late.unwrap());
}

#[tokio::test]
async fn the_next_run_covers_what_a_crashed_one_left() {
    let database = testkit::database().await;
    let store = database.store();
    crashed(store, TEN, Duration::ZERO).await;
    assert!(matches!(done(store, ELEVEN).await, Ended::Done(_)));
    let runs = runs(store).await;
    assert_eq!((runs[0].1, runs[1].1), (Some(false), Some(true)));
    let continued = runs[0].3.as_ref().unwrap();
    assert!(continued["continued_by"].is_string(), "{continued}");
    assert_eq!(done(store, TEN).await, Ended::Elsewhere);
}

#[tokio::test]
async fn the_last_success_of_each_schedule_is_known() {
    let database = testkit::database().await;
    let store = database.store();
    done(store, TEN).await;
    done(store, ELEVEN).await;
    crashed(store, "2026-03-01T12:00:00Z", Duration::ZERO).await;
    let client = store.client().await.unwrap();
    let last = scheduled_runs::last_successes(&client, &["backup", CLEANUP.name]).await;
    let last = last.unwrap();
    assert_eq!(last.len(), 1);
    assert_eq!(last[0].scheduled_for, at(ELEVEN));
}
