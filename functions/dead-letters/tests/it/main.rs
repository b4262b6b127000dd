//! The function on a real Postgres, with the event that Lambda makes of a dead letter; without Lambda, on the emulator.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::Arc;

use aws_lambda_events::event::sqs::SqsEvent;
use job::{Job, Kind, Message, Status};
use queue::Queue;
use runtime::SystemIds;
use serde_json::json;
use store::{Store, jobs};
use testkit::Cloud;
use uuid::Uuid;
use worker::Parts;

async fn get(store: &Store, id: Uuid) -> Job {
    jobs::get(&store.client().await.unwrap(), id).await.unwrap()
}

fn event(bodies: &[&str]) -> SqsEvent {
    let records: Vec<_> = bodies
        .iter()
        .enumerate()
        .map(|(number, body)| json!({ "messageId": format!("m{number}"), "body": body }))
        .collect();
    serde_json::from_value(json!({ "Records": records })).unwrap()
}

/// A job whose message the queue has taken.
async fn sent_job(store: &Store) -> Uuid {
    let job_id = testkit::unsent_job(store).await;
    let mut client = store.client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    let due: Vec<i64> = store::outbox::unsent(&tx, 10)
        .await
        .unwrap()
        .iter()
        .map(|row| row.id)
        .collect();
    store::outbox::mark_sent(&tx, &due).await.unwrap();
    tx.commit().await.unwrap();
    job_id
}

fn code(job: &Job) -> Option<&str> {
    job.error.as_ref().map(|failure| failure.code.as_str())
}

#[tokio::test]
async fn the_job_of_a_dead_letter_fails_and_a_letter_beside_it_that_names_none_is_dropped() {
    let database = testkit::database().await;
    let store = database.store();
    let job_id = sent_job(store).await;
    let letter = json!({ "job_id": job_id }).to_string();

    let response = dead_letters::handle(store, event(&["not a job", &letter])).await;
    assert!(response.batch_item_failures.is_empty());
    let job = get(store, job_id).await;
    assert_eq!(
        (job.status, code(&job)),
        (Status::Failed, Some("dead_letter"))
    );

    // delivered once more, it changes nothing
    let again = dead_letters::handle(store, event(&[&letter])).await;
    assert!(again.batch_item_failures.is_empty());
    assert_eq!(get(store, job_id).await.event_seq, job.event_seq);
}

#[tokio::test]
async fn the_letter_of_an_old_duplicate_leaves_the_job_to_its_newer_message() {
    let database = testkit::database().await;
    let store = database.store();
    let job_id = testkit::unsent_job(store).await;
    let letter = json!({ "job_id": job_id }).to_string();
    let response = dead_letters::handle(store, event(&[&letter])).await;
    assert!(response.batch_item_failures.is_empty());
    assert_eq!(get(store, job_id).await.status, Status::Queued);
}

#[tokio::test]
async fn letters_come_back_while_the_database_is_away() {
    let away = Store::connect(&store::Settings {
        wait: std::time::Duration::from_millis(100),
        ..store::Settings::new("postgres://nobody:nothing@127.0.0.1:1/none")
    })
    .unwrap();
    let letter = json!({ "job_id": Uuid::nil() }).to_string();
    let response = dead_letters::handle(&away, event(&["not a job", &letter])).await;
    let failed: Vec<&str> = response
        .batch_item_failures
        .iter()
        .map(|failed| failed.item_identifier.as_str())
        .collect();
    assert_eq!(failed, ["m1"]);
}

#[tokio::test]
async fn both_dead_letter_queues_are_emptied_without_lambda() {
    let database = testkit::database().await;
    let cloud = Cloud::new().await;
    let parts = Parts {
        store: database.store().clone(),
        queue: cloud.queue,
        objects: cloud.objects,
        ids: Arc::new(SystemIds),
        live: worker::Live::default(),
    };
    let job_id = sent_job(&parts.store).await;
    for kind in [Kind::Packing, Kind::Flow] {
        let dead = Queue::dead_of(parts.queue.of(kind));
        parts.queue.send(&dead, &Message { job_id }).await.unwrap();
    }
    assert_eq!(dead_letters::drain(&parts).await.unwrap(), 2);
    assert_eq!(get(&parts.store, job_id).await.status, Status::Failed);
    assert_eq!(dead_letters::drain(&parts).await.unwrap(), 0);
}
