//! Every query the API offers uses an index. Sequential scans are made unattractive, so a plan that still has one
//! (or a sort) has no index to use.

use crate::setup::*;

async fn plan(query: &str) -> String {
    let database = testkit::database().await;
    let client = client(&database).await;
    client
        .batch_execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
        .await
        .unwrap();
    let rows = client
        .query(&format!("EXPLAIN {query}"), &[])
        .await
        .unwrap();
    rows.iter()
        .map(|row| row.get::<_, String>(0))
        .collect::<Vec<_>>()
        .join("\n")
}

pub async fn assert_uses(index: &str, query: &str) {
    let plan = plan(query).await;
    assert!(plan.contains(index), "{index} is not used:\n{plan}");
    assert!(
        !plan.contains("Seq Scan") && !plan.contains("Sort"),
        "{plan}"
    );
}

const ID: &str = "'00000000-0000-0000-0000-000000000001'";

#[tokio::test]
async fn the_unfinished_jobs_of_a_bed_use_an_index() {
    let query = format!(
        "SELECT stage FROM jobs WHERE bed_id = {ID} AND status IN ('queued', 'running') ORDER BY id DESC"
    );
    assert_uses("jobs_unfinished", &query).await;
}

#[tokio::test]
async fn the_place_in_the_queue_is_counted_by_index() {
    let query =
        format!("SELECT id FROM jobs WHERE kind = 'flow' AND status = 'queued' AND id < {ID}");
    assert_uses("jobs_queue", &query).await;
}

#[tokio::test]
async fn the_last_events_of_a_job_use_the_key() {
    let query =
        format!("SELECT data FROM job_events WHERE job_id = {ID} ORDER BY seq DESC LIMIT 20");
    assert_uses("job_events_pkey", &query).await;
}

#[tokio::test]
async fn the_jobs_of_a_simulation_use_an_index() {
    assert_uses(
        "jobs_simulation",
        &format!("SELECT stage FROM jobs WHERE simulation_id = {ID} ORDER BY id"),
    )
    .await;
}

#[tokio::test]
async fn the_events_of_a_job_use_the_key() {
    let query = format!(
        "SELECT data FROM job_events WHERE job_id = {ID} AND seq > 3 ORDER BY seq LIMIT 20"
    );
    assert_uses("job_events_pkey", &query).await;
}

#[tokio::test]
async fn the_files_of_a_bed_use_an_index() {
    let query = format!(
        "SELECT name FROM bed_files WHERE bed_id = {ID} AND id > {ID} ORDER BY id LIMIT 20"
    );
    assert_uses("bed_files_bed", &query).await;
}

#[tokio::test]
async fn the_simulations_of_a_bed_use_an_index() {
    assert_uses(
        "simulations_bed",
        &format!("SELECT status FROM simulations WHERE bed_id = {ID} ORDER BY id"),
    )
    .await;
}

#[tokio::test]
async fn the_results_of_a_simulation_use_the_key() {
    let query = format!(
        "SELECT value FROM results WHERE simulation_id = {ID} ORDER BY velocity_index, quantity"
    );
    assert_uses("results_pkey", &query).await;
}

#[tokio::test]
async fn the_relay_uses_an_index() {
    let query = "SELECT id FROM outbox WHERE send_after <= now() ORDER BY send_after, id LIMIT 20 FOR UPDATE SKIP LOCKED";
    assert_uses("outbox_due", query).await;
}

#[tokio::test]
async fn the_reaper_uses_indexes() {
    let expired = "SELECT id FROM jobs WHERE status = 'running' AND lease_expires_at < now() ORDER BY lease_expires_at";
    assert_uses("jobs_lease", expired).await;
    let silent =
        "SELECT id FROM jobs WHERE status = 'queued' AND woken_at < now() ORDER BY woken_at";
    assert_uses("jobs_waiting", silent).await;
}

#[tokio::test]
async fn the_jobs_that_wait_for_one_are_found_by_index() {
    assert_uses(
        "jobs_after",
        &format!("SELECT id FROM jobs WHERE after_job_id = {ID}"),
    )
    .await;
}

#[tokio::test]
async fn expired_idempotency_keys_are_found_by_index() {
    let query = "SELECT key FROM idempotency_keys WHERE expires_at < now() ORDER BY expires_at LIMIT 20 FOR UPDATE SKIP LOCKED";
    assert_uses("idempotency_keys_expiry", query).await;
}

#[tokio::test]
async fn the_files_of_one_kind_or_one_simulation_use_indexes() {
    let page = format!("id > {ID} ORDER BY id LIMIT 20");
    let of_kind =
        format!("SELECT name FROM bed_files WHERE bed_id = {ID} AND kind = 'log' AND {page}");
    assert_uses("bed_files_bed_kind", &of_kind).await;
    let of_simulation = format!(
        "SELECT name FROM bed_files WHERE bed_id = {ID} AND simulation_id = {ID} AND {page}"
    );
    assert_uses("bed_files_bed_simulation", &of_simulation).await;
}

#[tokio::test]
async fn open_and_stale_uploads_are_found_by_index() {
    let own = format!("SELECT id FROM uploads WHERE user_id = {ID} AND bed_id = {ID}");
    assert_uses("uploads_", &own).await;
    assert_uses(
        "uploads_user",
        &format!("SELECT count(*) FROM uploads WHERE user_id = {ID}"),
    )
    .await;
    for (index, condition) in [
        ("uploads_expiry", "expires_at < now()"),
        ("uploads_bed", "bed_id IS NULL"),
        ("uploads_user", "user_id IS NULL"),
    ] {
        assert_uses(
            index,
            &format!("SELECT id FROM uploads WHERE {condition} LIMIT 20"),
        )
        .await;
    }
}

#[tokio::test]
async fn tombstones_that_are_due_and_what_refers_to_an_object_are_found_by_index() {
    let due =
        "SELECT object_key FROM object_tombstones WHERE since < now() ORDER BY since LIMIT 20";
    assert_uses("object_tombstones_since", due).await;
    assert_uses(
        "bed_files_object",
        "SELECT id FROM bed_files WHERE object_key = 'k'",
    )
    .await;
    assert_uses(
        "uploads_object_key",
        "SELECT id FROM uploads WHERE object_key = 'k'",
    )
    .await;
    let aged =
        "SELECT key FROM stage_outputs WHERE created_at < now() ORDER BY created_at LIMIT 20";
    assert_uses("stage_outputs_age", aged).await;
}

#[tokio::test]
async fn the_stages_that_hold_an_object_are_found_by_index() {
    // an inverted index answers by bitmaps alone
    let database = testkit::database().await;
    let client = client(&database).await;
    client
        .batch_execute("SET enable_seqscan = off")
        .await
        .unwrap();
    let query = r#"EXPLAIN SELECT key FROM stage_outputs WHERE files @> '[{"key": "k"}]'"#;
    let rows = client.query(query, &[]).await.unwrap();
    let plan: String = rows.iter().map(|row| row.get::<_, String>(0)).collect();
    assert!(plan.contains("stage_outputs_files"), "{plan}");
}

#[tokio::test]
async fn usage_is_read_and_summed_up_along_indexes() {
    let hours = "hour >= '2026-01-01' AND hour < '2026-02-01'";
    for (index, query) in [
        (
            "usage_hourly_user",
            format!("SELECT amount FROM usage_hourly WHERE user_id = {ID} AND {hours}"),
        ),
        (
            "usage_hourly_project",
            format!("SELECT amount FROM usage_hourly WHERE project_id = {ID} AND {hours}"),
        ),
        (
            "usage_hourly_once",
            format!("SELECT amount FROM usage_hourly WHERE {hours}"),
        ),
        (
            "usage_daily_user",
            format!("SELECT amount FROM usage_daily WHERE user_id = {ID} AND day >= '2026-01-01'"),
        ),
        (
            "usage_events_recorded",
            "SELECT at FROM usage_events WHERE recorded_at >= '2026-01-01'".to_owned(),
        ),
        (
            "usage_events_at",
            "SELECT amount FROM usage_events WHERE at >= '2026-01-01' AND at < '2026-01-02'"
                .to_owned(),
        ),
    ] {
        assert_uses(index, &query).await;
    }
}

#[tokio::test]
async fn the_clean_up_and_the_records_of_runs_use_indexes() {
    for (index, query) in [
        (
            "object_tombstones_deleted",
            "SELECT FROM object_tombstones WHERE deleted_at < now()",
        ),
        (
            "refresh_tokens_expiry",
            "SELECT FROM refresh_tokens WHERE expires_at < now()",
        ),
        (
            "rate_limits_age",
            "SELECT FROM rate_limits WHERE window_start < now()",
        ),
        (
            "scheduled_runs_age",
            "SELECT FROM scheduled_runs WHERE scheduled_for < now()",
        ),
        (
            "scheduled_runs_succeeded",
            "SELECT started_at FROM scheduled_runs WHERE name = 'cleanup' AND succeeded ORDER BY scheduled_for DESC LIMIT 1",
        ),
    ] {
        assert_uses(index, query).await;
    }
}

#[tokio::test]
async fn log_ins_that_ended_lately_are_found_by_index() {
    let query =
        "SELECT family_id FROM refresh_tokens WHERE revoked_at > now() - interval '20 minutes'";
    assert_uses("refresh_tokens_revoked", query).await;
}
