use std::time::Duration;

use schedule::Left;
use serde_json::json;

use crate::world::World;

/// One row of each table whose time is over, and one whose time is not.
const ROWS: &str = "
    INSERT INTO refresh_tokens (id, family_id, user_id, token_hash, expires_at)
    SELECT gen_random_uuid(), gen_random_uuid(), users.id, sha256(ago::text::bytea), now() - ago
    FROM users, UNNEST(ARRAY[interval '8 days', interval '1 day']) ago;
    INSERT INTO api_keys (id, user_id, name, hint, key_hash, scopes, expires_at)
    SELECT gen_random_uuid(), users.id, 'key', 'leito', sha256(ago::text::bytea), '{read}', now() - ago
    FROM users, UNNEST(ARRAY[interval '31 days', interval '1 day']) ago;
    INSERT INTO api_keys (id, user_id, name, hint, key_hash, scopes)
    SELECT gen_random_uuid(), users.id, 'for ever', 'leito', sha256('x'), '{read}' FROM users;
    INSERT INTO rate_limits (bucket, window_start, requests) VALUES ('a', now() - interval '2 days', 1), ('a', now(), 1);
    INSERT INTO simulations (id, bed_id, regime, velocities_m_s, conditions)
    SELECT gen_random_uuid(), id, 'laminar', '{0.1}', '{}' FROM beds;
    INSERT INTO fileshare_items (id, token_hash, project_id, user_id, simulation_id, expires_at, max_downloads, downloads,
        last_downloaded_at, deleted_at)
    SELECT gen_random_uuid(), sha256(random()::text::bytea), s.project_id, u.id, s.id, now() + ends, 1, loads, now() - loaded, now() - gone
    FROM simulations s, users u, (VALUES
        (interval '-8 days', 0, NULL::interval, NULL::interval),
        (interval '8 days', 1, interval '8 days', NULL),
        (interval '8 days', 0, NULL, interval '8 days'),
        (interval '8 days', 1, interval '1 day', NULL),
        (interval '-1 day', 0, NULL, NULL),
        (interval '8 days', 0, NULL, NULL)) AS link (ends, loads, loaded, gone);
    INSERT INTO live_connections (id, gateway, user_id, seen_at)
    SELECT ago::text, 'api', users.id, now() - ago FROM users, UNNEST(ARRAY[interval '16 minutes', interval '9 minutes']) ago;
    INSERT INTO live_watches (connection_id, job_id, sent_seq) SELECT id, gen_random_uuid(), 0 FROM live_connections;
    INSERT INTO live_tickets (token_hash, user_id, expires_at)
    SELECT sha256(ago::text::bytea), users.id, now() - ago FROM users, UNNEST(ARRAY[interval '1 minute', interval '-1 minute']) ago;
    INSERT INTO scheduled_runs (name, scheduled_for, run_token, deadline)
    SELECT 'cleanup', now() - ago, gen_random_uuid(), now() FROM UNNEST(ARRAY[interval '31 days', interval '1 day']) ago;";

#[tokio::test]
async fn rows_go_when_their_time_is_over_and_not_before() {
    let world = World::new().await;
    world.sql(ROWS).await;
    let expected = json!({ "refresh_tokens": 1, "api_keys": 1, "rate_limits": 1, "fileshare_items": 3,
        "scheduled_runs": 1, "object_tombstones": 0, "live_connections": 1, "live_tickets": 1, "usage_events": 0 });
    let preview = cleanup::preview(&world.parts).await.unwrap();
    assert_eq!(json!(preview.rows), expected);

    let removed = world.clean().await;
    assert_eq!(json!(removed.rows), expected);
    assert!(!removed.more);
    for (table, rows) in [
        ("refresh_tokens", 1),
        ("api_keys", 2),
        ("rate_limits", 1),
        ("fileshare_items", 3),
        ("scheduled_runs", 1),
        ("live_connections", 1),
        ("live_watches", 1),
        ("live_tickets", 1),
    ] {
        assert_eq!(world.count(table).await, rows, "{table}");
    }
    let nothing = json!({ "refresh_tokens": 0, "api_keys": 0, "rate_limits": 0, "fileshare_items": 0,
        "scheduled_runs": 0, "object_tombstones": 0, "live_connections": 0, "live_tickets": 0, "usage_events": 0 });
    assert_eq!(json!(world.clean().await.rows), nothing);
}

#[tokio::test]
async fn usage_events_go_in_whole_hours_and_only_once_they_are_summed_up_for_good() {
    let world = World::new().await;
    // Recorded when they happened; `at` may not be set so far back in any other way.
    world
        .sql(
            "INSERT INTO usage_events (at, recorded_at, kind, amount)
             SELECT t, t, 'requests', 1 FROM generate_series(now() - interval '70 days', now(), interval '20 minutes') t",
        )
        .await;
    let all = world.count("usage_events").await;
    assert_eq!(
        world.clean().await.rows["usage_events"],
        0,
        "never summed up"
    );

    let client = world.parts.store.client().await.unwrap();
    drop(client);
    usage_run(&world).await;
    let removed = world.clean().await.rows["usage_events"];
    let removed = i64::try_from(removed).unwrap();
    assert!(removed > 7 * 72 && removed < 9 * 72, "{removed}");
    assert_eq!(world.count("usage_events").await, all - removed);
    let cut = "usage_events WHERE at < date_trunc('day', now()) - interval '62 days'";
    assert_eq!(world.count(cut).await, 0);
}

async fn usage_run(world: &World) {
    world
        .sql(
            "INSERT INTO scheduled_runs (name, scheduled_for, run_token, deadline, finished_at, succeeded, outcome)
             VALUES ('usage-stats', now(), gen_random_uuid(), now(), now(), true, '{}')",
        )
        .await;
}

#[tokio::test]
async fn a_run_out_of_time_leaves_the_rest_to_the_next() {
    let world = World::new().await;
    world.sql(ROWS).await;
    let removed = cleanup::remove(&world.parts, Left::of(Duration::ZERO)).await;
    let removed = removed.unwrap();
    assert!(removed.more);
    assert_eq!(removed.rows.values().sum::<u64>(), 0);
    assert_eq!(world.clean().await.rows.values().sum::<u64>(), 9);
}
