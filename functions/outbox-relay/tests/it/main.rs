//! The function on a real Postgres and the emulator.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use job::{Lease, Message, Status};
use runtime::{Clock, Ids, SystemClock, SystemIds};
use serde_json::{Value, json};
use store::jobs;
use testkit::{Cloud, Database};
use uuid::Uuid;
use worker::Parts;

async fn parts(database: &Database) -> Parts {
    let cloud = Cloud::new().await;
    Parts {
        store: database.store().clone(),
        queue: cloud.queue,
        objects: cloud.objects,
        ids: Arc::new(SystemIds),
        live: worker::Live::default(),
    }
}

fn minute(number: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 / 60 * 60 + 60 * number).unwrap()
}

#[tokio::test]
async fn what_was_not_sent_after_its_commit_is_sent_once() {
    let database = testkit::database().await;
    let parts = parts(&database).await;
    let job_id = testkit::unsent_job(&parts.store).await;

    let answer = outbox_relay::handle(&parts, minute(1)).await.unwrap();
    let expected = json!({ "sent": 1, "refused": 0, "requeued": 0, "ended": 0, "woken": 0, "expired_keys": 0 });
    assert_eq!(answer, expected);
    let queue = parts.queue.of(job::Kind::Packing);
    let received = parts.queue.receive(queue, 10, 1, 60).await.unwrap();
    let ids: Vec<Uuid> = received
        .iter()
        .map(|delivery| Message::parse(&delivery.body).unwrap().job_id)
        .collect();
    assert_eq!(ids, [job_id]);

    let again = outbox_relay::handle(&parts, minute(2)).await.unwrap();
    assert_eq!(again["sent"], 0);
}

#[tokio::test]
async fn a_second_event_for_the_same_minute_does_nothing() {
    let database = testkit::database().await;
    let parts = parts(&database).await;
    outbox_relay::handle(&parts, minute(1)).await.unwrap();
    testkit::unsent_job(&parts.store).await;

    let answer = outbox_relay::handle(&parts, minute(1)).await.unwrap();
    assert_eq!(answer, json!({ "done": "elsewhere" }));
    let next = outbox_relay::handle(&parts, minute(2)).await.unwrap();
    assert_eq!(next["sent"], 1);
}

#[tokio::test]
async fn a_job_whose_worker_went_silent_is_put_back_and_announced() {
    let database = testkit::database().await;
    let parts = parts(&database).await;
    let job_id = testkit::unsent_job(&parts.store).await;
    outbox_relay::handle(&parts, minute(1)).await.unwrap();
    let client = parts.store.client().await.unwrap();
    let lease = Lease {
        token: SystemIds.next(),
        duration: Duration::ZERO,
    };
    jobs::claim(&client, job_id, lease).await.unwrap();

    let answer = outbox_relay::handle(&parts, minute(2)).await.unwrap();
    assert_eq!(
        (&answer["requeued"], &answer["sent"]),
        (&json!(1), &json!(1))
    );
    let job = jobs::get(&client, job_id).await.unwrap();
    assert_eq!((job.status, job.attempt), (Status::Queued, 1));
}

#[tokio::test]
async fn what_is_due_and_what_went_well_is_told_as_a_line_of_metrics() {
    let database = testkit::database().await;
    let parts = parts(&database).await;
    testkit::unsent_job(&parts.store).await;
    let now = SystemClock.now();
    let figures = outbox_relay::figures(&parts.store, now).await.unwrap();
    assert_eq!(figures["outbox_messages"], 1);
    assert!(!figures.contains_key("outbox_relay_age_s"), "{figures:?}");

    outbox_relay::handle(&parts, minute(1)).await.unwrap();
    let figures = outbox_relay::figures(&parts.store, now).await.unwrap();
    assert_eq!(figures["outbox_messages"], 0);
    let line: Value = outbox_relay::line("leito", minute(1), figures)
        .parse()
        .unwrap();
    let directive = &line["_aws"]["CloudWatchMetrics"][0];
    assert_eq!(directive["Namespace"], "leito");
    assert_eq!(line["_aws"]["Timestamp"], minute(1).as_millisecond());
    let metrics = directive["Metrics"].as_array().unwrap();
    let names: Vec<&str> = metrics
        .iter()
        .map(|one| one["Name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        ["outbox_age_s", "outbox_messages", "outbox_relay_age_s"]
    );
    assert!(names.iter().all(|name| line[*name].is_number()), "{line}");
}
