use aws_lambda_events::event::sqs::{SqsEvent, SqsMessage};
use job::Status;
use tokio_util::sync::CancellationToken;

use crate::script::{Act, Script};
use crate::world::World;

fn record(id: &str, body: String) -> SqsMessage {
    let mut record = SqsMessage::default();
    record.message_id = Some(id.to_owned());
    record.body = Some(body);
    record
}

#[tokio::test]
async fn the_records_of_a_batch_fail_one_by_one() {
    let world = World::new().await;
    let id = world.unsent_job().await;
    let mut event = SqsEvent::default();
    event.records = vec![
        record("good", job::Message { job_id: id }.to_json()),
        record("bad", "{".to_owned()),
        record(
            "stale",
            job::Message {
                job_id: uuid::Uuid::nil(),
            }
            .to_json(),
        ),
    ];
    let worker = world.worker(Script::new(Act::Succeed));
    let response = worker.handle_batch(event, CancellationToken::new()).await;
    let failed: Vec<_> = response
        .batch_item_failures
        .iter()
        .map(|item| item.item_identifier.as_str())
        .collect();
    assert_eq!(failed, ["bad"]);
    assert_eq!(world.get(id).await.status, Status::Completed);
}
