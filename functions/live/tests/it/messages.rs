//! What a client may say, and what it is told when that makes no sense. The connection goes on after all of it.

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use uuid::Uuid;

use crate::support::*;

#[tokio::test]
async fn a_ping_is_answered() {
    let service = serving().await;
    let mut client = service.connected().await;
    client.say(&json!({ "action": "ping" })).await;
    assert_eq!(client.hear().await, json!({ "type": "pong" }));
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_the_reason() {
    let service = serving().await;
    let mut client = service.connected().await;
    let job = service.job().await;
    let nothing = Uuid::nil();
    for (message, code, said) in [
        (json!([]), "invalid_body", "expected struct Message"),
        (json!({}), "invalid_body", "missing field `action`"),
        (
            json!({ "action": "dance" }),
            "invalid_body",
            "expected one of `watch`, `unwatch`, `ping`",
        ),
        (json!({ "action": "watch" }), "invalid_body", "which `job`?"),
        (
            json!({ "action": "watch", "job": 7 }),
            "invalid_body",
            "`/job`",
        ),
        (
            json!({ "action": "watch", "job": "x" }),
            "invalid_body",
            "UUID",
        ),
        (
            json!({ "action": "watch", "job": job, "after": -1 }),
            "invalid_body",
            "number of an event",
        ),
        (
            json!({ "action": "watch", "job": job, "after": "1" }),
            "invalid_body",
            "`/after`",
        ),
        (
            json!({ "action": "watch", "job": job, "after": 2 }),
            "invalid_body",
            "has 1 events, none after 2",
        ),
        (
            json!({ "action": "watch", "job": job, "before": 2 }),
            "invalid_body",
            "unknown field `before`",
        ),
        (
            json!({ "action": "watch", "job": nothing }),
            "not_found",
            "there is no job",
        ),
        (
            json!({ "action": "unwatch", "job": job }),
            "not_found",
            "does not watch",
        ),
        (
            json!({ "action": "unwatch", "job": job, "after": 1 }),
            "invalid_body",
            "takes only a `job`",
        ),
        (
            json!({ "action": "ping", "job": job }),
            "invalid_body",
            "takes nothing else",
        ),
    ] {
        client.say(&message).await;
        let detail = client.hears_error(code).await;
        assert!(detail.contains(said), "{message}: {detail}");
    }
    assert_eq!(service.count("live_watches").await, 0);
}

#[tokio::test]
async fn what_is_no_json_no_text_or_too_long_is_refused_and_the_connection_goes_on() {
    let service = serving().await;
    let mut client = service.connected().await;
    client.send(Message::text("{")).await;
    client.hears_error("invalid_json").await;
    client.send(Message::text("")).await;
    client.hears_error("invalid_json").await;
    client.send(Message::text("\0")).await;
    client.hears_error("invalid_json").await;
    client
        .send(Message::binary(b"{\"action\": \"ping\"}".to_vec()))
        .await;
    client.hears_error("invalid_json").await;
    client.send(Message::text(" ".repeat(4097))).await;
    assert_eq!(
        client.hears_error("too_large").await,
        "a message may have 4 KiB"
    );
    client.say(&json!({ "action": "ping" })).await;
    assert_eq!(client.hear().await["type"], "pong");
}

#[tokio::test]
async fn a_frame_that_api_gateway_would_not_carry_ends_the_connection() {
    let service = serving().await;
    let mut client = service.connected().await;
    client.send(Message::text(" ".repeat(32 * 1024 + 1))).await;
    assert_eq!(client.closed().await, CloseCode::Size);
    service.until_count("live_connections", 0).await;
}

#[tokio::test]
async fn a_job_is_watched_once_by_a_connection() {
    let service = serving().await;
    let (mut client, job) = (service.connected().await, service.job().await);
    client.watch(job, 0).await;
    assert_eq!(client.hear().await["next"], 1);
    client.watch(job, 0).await;
    assert!(client.hears_error("conflict").await.contains("already"));
}

#[tokio::test]
async fn a_connection_watches_so_many_jobs_and_no_more() {
    let service = serving().await;
    let (mut client, job) = (service.connected().await, service.job().await);
    client.say(&json!({ "action": "ping" })).await;
    client.hear().await;
    service
        .sql(
            "INSERT INTO live_watches (connection_id, job_id, sent_seq, is_new)
             SELECT live_connections.id, jobs.id, 1, false FROM live_connections, jobs;
             INSERT INTO jobs (id, kind, bed_id, project_id, input, max_attempts, event_seq)
             SELECT gen_random_uuid(), kind, bed_id, project_id, input, 3, 1 FROM jobs, generate_series(1, 99);
             INSERT INTO live_watches (connection_id, job_id, sent_seq, is_new)
             SELECT live_connections.id, jobs.id, 1, false FROM live_connections, jobs ON CONFLICT DO NOTHING",
        )
        .await;
    let one_more = service.job().await;
    client.watch(one_more, 0).await;
    let detail = client.hears_error("conflict").await;
    assert!(detail.contains("watches 100 jobs"), "{detail}");
    client
        .say(&json!({ "action": "unwatch", "job": job }))
        .await;
    assert_eq!(
        client.hear().await,
        json!({ "type": "unwatched", "job": job })
    );
    client.watch(one_more, 0).await;
    assert_eq!(client.hear().await["job"], json!(one_more));
}

#[tokio::test]
async fn after_a_job_is_not_watched_any_more_nothing_is_told_of_it() {
    let service = serving().await;
    let mut client = service.connected().await;
    let claimed = service.running().await;
    let job = claimed.job.id;
    client.watch(job, 2).await;
    assert_eq!(client.hear().await["events"], json!([]));
    client
        .say(&json!({ "action": "unwatch", "job": job }))
        .await;
    assert_eq!(client.hear().await["type"], "unwatched");
    progress(&service.app.store, &claimed, 0.5).await;
    service.app.live.announce(&service.app.store).await;
    client.say(&json!({ "action": "ping" })).await;
    let next: Value = client.hear().await;
    assert_eq!(next["type"], "pong", "{next}");
}
