//! What schedules leave, sum up and clear away.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::leftovers::{self, Leftover};
use store::scheduled_runs::{self, Run};
use store::usage::{self, By, RolledUp, Whose};
use store::usage_events::{self, Kind, NewUsage};
use store::{figures, jobs};
use testkit::{Database, rows};
use uuid::Uuid;

use crate::setup::*;

const MINUTE: Duration = Duration::from_mins(1);

fn run_of(scheduled_for: i64, token: u128) -> Run<'static> {
    Run {
        name: "cleanup",
        scheduled_for: Timestamp::from_second(scheduled_for).unwrap(),
        token: Uuid::from_u128(token),
    }
}

#[tokio::test]
async fn one_run_a_time_is_carried_out_by_one_and_recorded() {
    let database = testkit::database().await;
    let client = client(&database).await;
    let begin = async |run| scheduled_runs::begin(&client, run, MINUTE).await.unwrap();
    let (run, rival) = (run_of(3600, 1), run_of(3600, 2));
    assert_eq!(begin(run).await, Some(1));
    assert_eq!(begin(rival).await, None, "somebody is at it");
    let outcome = json!({ "deleted": 3 });
    assert!(
        !scheduled_runs::finish(&client, rival, &outcome)
            .await
            .unwrap()
    );
    assert!(
        scheduled_runs::finish(&client, run, &outcome)
            .await
            .unwrap()
    );
    assert_eq!(begin(rival).await, None, "it is done");
    let names = ["cleanup", "usage-stats"];
    let done = scheduled_runs::last_successes(&client, &names)
        .await
        .unwrap();
    assert_eq!(done.len(), 1);
    assert_eq!(
        (done[0].scheduled_for, &done[0].outcome),
        (run.scheduled_for, &outcome)
    );
    assert!(done[0].started_at <= done[0].finished_at);
}

#[tokio::test]
async fn a_run_that_was_given_up_is_taken_over_and_an_older_one_is_closed_by_the_next() {
    let database = testkit::database().await;
    let client = client(&database).await;
    let begin = async |run| scheduled_runs::begin(&client, run, MINUTE).await.unwrap();
    let first = run_of(3600, 1);
    begin(first).await;
    let said = json!({ "error": "the database went away" });
    scheduled_runs::give_up(&client, first, &said)
        .await
        .unwrap();
    assert_eq!(begin(run_of(3600, 2)).await, Some(2));
    let late = scheduled_runs::finish(&client, first, &said).await.unwrap();
    assert!(!late, "the second attempt has it");
    scheduled_runs::give_up(&client, run_of(3600, 2), &said)
        .await
        .unwrap();
    assert_eq!(begin(run_of(7200, 3)).await, Some(1));
    let closed = "SELECT FROM scheduled_runs WHERE NOT succeeded AND outcome ? 'continued_by' AND outcome ? 'error'";
    assert!(client.query_opt(closed, &[]).await.unwrap().is_some());
}

/// One row of each kind, long out of use, and for some a fresh one beside it.
const OLD_ROWS: &str = "
    INSERT INTO refresh_tokens (id, family_id, user_id, token_hash, expires_at)
        SELECT gen_random_uuid(), gen_random_uuid(), id, sha256('old'), now() - interval '40 days' FROM users;
    INSERT INTO api_keys (id, user_id, name, hint, key_hash, scopes, expires_at, revoked_at)
        SELECT gen_random_uuid(), id, 'old', 'h', sha256('old'), '{read}'::text[], NULL::timestamptz, now() - interval '40 days' FROM users
        UNION ALL SELECT gen_random_uuid(), id, 'fresh', 'h', sha256('fresh'), '{read}', now() - interval '1 day', NULL::timestamptz FROM users;
    INSERT INTO rate_limits VALUES ('old', now() - interval '2 days', 1), ('fresh', now(), 1);
    INSERT INTO fileshare_items (id, token_hash, project_id, user_id, simulation_id, expires_at)
        SELECT gen_random_uuid(), sha256('old'), p.id, u.id, s.id, now() - interval '40 days' FROM users u, projects p, simulations s;
    INSERT INTO scheduled_runs (name, scheduled_for, run_token, deadline)
        VALUES ('cleanup', now() - interval '40 days', gen_random_uuid(), now());
    INSERT INTO object_tombstones (object_key, deleted_at) VALUES ('old', now() - interval '2 days'), ('fresh', now());
    INSERT INTO usage_events (at, recorded_at, kind, amount)
        VALUES (now() - interval '100 days', now() - interval '100 days', 'requests', 1);
    INSERT INTO scheduled_runs (name, scheduled_for, run_token, deadline, finished_at, succeeded, outcome)
        VALUES ('usage-stats', now(), gen_random_uuid(), now(), now(), true, '{}')";

#[tokio::test]
async fn what_nobody_needs_any_more_is_counted_and_removed_and_the_rest_stays() {
    let database = with_bed().await;
    run(&database, OLD_ROWS).await;
    let client = client(&database).await;
    for what in [
        Leftover::RefreshTokens,
        Leftover::ApiKeys,
        Leftover::RateLimits,
        Leftover::ShareLinks,
        Leftover::ScheduledRuns,
        Leftover::Tombstones,
        Leftover::UsageEvents,
    ] {
        let table = what.as_str();
        assert_eq!(leftovers::count(&client, what).await.unwrap(), 1, "{table}");
        assert_eq!(
            leftovers::remove(&client, what, 10).await.unwrap(),
            1,
            "{table}"
        );
        assert_eq!(leftovers::count(&client, what).await.unwrap(), 0, "{table}");
    }
    for table in ["api_keys", "rate_limits", "object_tombstones"] {
        let left = client.query(&format!("SELECT FROM {table}"), &[]).await;
        assert_eq!(left.unwrap().len(), 1, "{table}");
    }
}

#[tokio::test]
async fn every_kind_of_leftover_can_be_counted() {
    let database = testkit::database().await;
    let client = client(&database).await;
    for what in Leftover::ALL {
        let (count, table) = (leftovers::count(&client, what).await, what.as_str());
        assert_eq!(count.unwrap(), 0, "{table}");
        assert_eq!(
            leftovers::remove(&client, what, 1).await.unwrap(),
            0,
            "{table}"
        );
    }
}

fn used(kind: Kind, amount: i64) -> NewUsage {
    NewUsage {
        user_id: Some(rows::USER),
        project_id: Some(rows::PROJECT),
        kind,
        amount,
    }
}

async fn sums(database: &Database, whose: Whose, by: By) -> Vec<(String, i64, i64)> {
    let client = client(database).await;
    let day = SignedDuration::from_hours(48);
    let now = now(database).await;
    let (from, to) = (now - day, now + day);
    let found = usage::sums(&client, whose, by, from, to).await.unwrap();
    found
        .into_iter()
        .map(|sum| (sum.kind, sum.events, sum.amount))
        .collect()
}

#[tokio::test]
async fn usage_is_summed_up_by_hour_and_day_and_a_repetition_changes_nothing() {
    let database = testkit::database().await;
    let used = [
        used(Kind::Downloads, 1),
        used(Kind::Downloads, 1),
        used(Kind::BytesDownloaded, 500),
        NewUsage {
            project_id: None,
            ..used(Kind::Requests, 7)
        },
    ];
    usage_events::insert(&client(&database).await, &used)
        .await
        .unwrap();
    let since = Timestamp::UNIX_EPOCH;
    let first = committed!(&database, usage::roll_up, since).unwrap();
    assert_eq!(first, RolledUp { hours: 3, days: 3 });
    let again = committed!(&database, usage::roll_up, since).unwrap();
    assert_eq!(again, RolledUp::default());
    let sum = |kind: &str, events, amount| (kind.to_owned(), events, amount);
    let (bytes, downloads) = (sum("bytes_downloaded", 1, 500), sum("downloads", 2, 2));
    let all = [bytes.clone(), downloads.clone(), sum("requests", 1, 7)];
    for by in [By::Hour, By::Day] {
        assert_eq!(sums(&database, Whose::Everybody, by).await, all);
        assert_eq!(
            sums(&database, Whose::Person(rows::USER, None), by).await,
            all
        );
        let there = Whose::Person(rows::USER, Some(rows::PROJECT));
        assert_eq!(
            sums(&database, there, by).await,
            [bytes.clone(), downloads.clone()]
        );
        let project = Whose::Project(rows::PROJECT);
        assert_eq!(
            sums(&database, project, by).await,
            [bytes.clone(), downloads.clone()]
        );
        assert!(
            sums(&database, Whose::Project(Uuid::nil()), by)
                .await
                .is_empty()
        );
    }
}

#[tokio::test]
async fn whoever_watches_sees_what_waits_and_what_was_done() {
    let database = with_both_jobs().await;
    won(&database, PACKING, 10).await;
    run(
        &database,
        &format!(
            "UPDATE simulations SET status = 'completed', started_at = now() - interval '2 minutes', finished_at = now();
             UPDATE outbox SET send_after = now() - interval '1 hour';
             INSERT INTO simulations (id, bed_id, regime, velocities_m_s, conditions)
             VALUES (gen_random_uuid(), '{BED}', 'laminar', '{{0.1}}', '{{}}')"
        ),
    )
    .await;
    let client = client(&database).await;
    let waiting = figures::waiting(&client).await.unwrap();
    assert_eq!(waiting.outbox_messages, 1);
    assert!(waiting.outbox_age_s >= 3600.0, "{waiting:?}");
    let mut unfinished = figures::unfinished(&client).await.unwrap();
    unfinished.sort_by(|one, other| one.kind.cmp(&other.kind));
    let states: Vec<_> = unfinished
        .iter()
        .map(|one| (one.kind.as_str(), one.status.as_str(), one.jobs))
        .collect();
    assert_eq!(states, [("flow", "queued", 1), ("packing", "running", 1)]);
    let simulations = figures::simulations(&client).await.unwrap();
    let [completed, pending] = simulations.as_slice() else {
        panic!("{simulations:?}")
    };
    assert_eq!(
        (completed.status.as_str(), completed.count, completed.ended),
        ("completed", 1, 1)
    );
    assert_eq!(completed.lasted_at_most, [0, 1, 1, 1, 1, 1, 1, 1, 1]);
    assert!((completed.sum_s - 120.0).abs() < 1e-6);
    assert_eq!(
        (pending.status.as_str(), pending.count, pending.ended),
        ("pending", 1, 0)
    );
    assert!(jobs::get(&client, PACKING).await.is_ok());
}
